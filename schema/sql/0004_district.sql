-- Version 4. What the district itself keeps: its communes by date, and its register of issued documents.
CREATE TABLE district_commune (
    ordinal INTEGER PRIMARY KEY,
    commune TEXT NOT NULL, kind TEXT NOT NULL, district TEXT NOT NULL, province TEXT NOT NULL,
    valid_from TEXT, valid_to TEXT,     -- both days included
    aliases TEXT NOT NULL               -- JSON: list of other names
);
CREATE TABLE register_entry (
    line INTEGER PRIMARY KEY,           -- of the file that was loaded
    code TEXT NOT NULL, issued_on TEXT NOT NULL,
    subject TEXT NOT NULL, issuer TEXT NOT NULL, level TEXT NOT NULL
);
