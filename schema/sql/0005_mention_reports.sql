-- Version 5. Each kind of mention knows its report itself: a link in tools that follow foreign keys, and a shorter way
-- to all mentions of one kind in one report.
ALTER TABLE citation ADD COLUMN report_id INTEGER REFERENCES report(report_id) ON DELETE CASCADE;
ALTER TABLE date_mention ADD COLUMN report_id INTEGER REFERENCES report(report_id) ON DELETE CASCADE;
ALTER TABLE quantity ADD COLUMN report_id INTEGER REFERENCES report(report_id) ON DELETE CASCADE;
ALTER TABLE percentage ADD COLUMN report_id INTEGER REFERENCES report(report_id) ON DELETE CASCADE;
ALTER TABLE ratio ADD COLUMN report_id INTEGER REFERENCES report(report_id) ON DELETE CASCADE;
ALTER TABLE indicator_value ADD COLUMN report_id INTEGER REFERENCES report(report_id) ON DELETE CASCADE;
UPDATE citation SET report_id = (SELECT m.report_id FROM mention m WHERE m.mention_id = citation.mention_id);
UPDATE date_mention SET report_id = (SELECT m.report_id FROM mention m WHERE m.mention_id = date_mention.mention_id);
UPDATE quantity SET report_id = (SELECT m.report_id FROM mention m WHERE m.mention_id = quantity.mention_id);
UPDATE percentage SET report_id = (SELECT m.report_id FROM mention m WHERE m.mention_id = percentage.mention_id);
UPDATE ratio SET report_id = (SELECT m.report_id FROM mention m WHERE m.mention_id = ratio.mention_id);
UPDATE indicator_value SET report_id = (SELECT m.report_id FROM mention m WHERE m.mention_id = indicator_value.mention_id);
CREATE INDEX citation_report ON citation(report_id);
CREATE INDEX date_mention_report ON date_mention(report_id);
CREATE INDEX quantity_report ON quantity(report_id);
CREATE INDEX percentage_report ON percentage(report_id);
CREATE INDEX ratio_report ON ratio(report_id);
CREATE INDEX indicator_value_report ON indicator_value(report_id);
