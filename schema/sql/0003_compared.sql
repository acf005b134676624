-- Version 3. Reports whose figures have been set against those of others: what is missing here is compared at the end
-- of the next run, also after one that was killed.
CREATE TABLE compared (
    report_id INTEGER PRIMARY KEY REFERENCES report(report_id) ON DELETE CASCADE
);
