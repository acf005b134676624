-- Version 1. Base tables are named in the singular; the public views (views.sql) in the plural.
-- Numbers that a report states are exact decimals kept as TEXT; views cast them to REAL.

CREATE TABLE run (
    run_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                -- ingest | check | watch
    started_at TEXT NOT NULL,          -- UTC, ISO 8601
    finished_at TEXT,                  -- NULL: still running, or killed
    paths TEXT NOT NULL DEFAULT '[]',  -- JSON list of what was asked for
    summary TEXT NOT NULL DEFAULT '{}' -- JSON: how many files ended how
);

CREATE TABLE report (
    report_id INTEGER PRIMARY KEY,
    first_version INTEGER NOT NULL REFERENCES report(report_id),  -- itself, unless another file of the same report came before
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL,
    pages INTEGER,
    commune TEXT, commune_type TEXT, district TEXT, province TEXT,
    report_no TEXT, issued_on TEXT, title TEXT, topic TEXT, period_start TEXT, period_end TEXT,
    commune_key TEXT, topic_key TEXT,  -- for comparing only: case, blanks and tone placement removed
    status TEXT NOT NULL CHECK (status IN ('ok', 'partial')),
    partial_reason TEXT,
    notices TEXT NOT NULL DEFAULT '[]',
    text TEXT NOT NULL,
    char_count INTEGER NOT NULL
);
CREATE INDEX report_identity ON report(commune_key, topic_key, period_start, period_end);
CREATE INDEX report_first_version ON report(first_version);

-- The ledger: one row for each file ever submitted. Written as failed/interrupted before work starts, flipped at the end.
CREATE TABLE file (
    file_id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,                -- a member of an archive: archive path, '!/', inner path
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL DEFAULT '',   -- of the received bytes; '' when they could not be read
    bytes INTEGER,
    received_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'partial', 'duplicate', 'unsupported', 'failed')),
    reason_code TEXT,
    reason TEXT,
    detail TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    seconds TEXT NOT NULL DEFAULT '{}',  -- JSON: seconds by stage
    report_id INTEGER REFERENCES report(report_id) ON DELETE SET NULL,
    same_as INTEGER REFERENCES file(file_id) ON DELETE SET NULL,
    run_id INTEGER REFERENCES run(run_id) ON DELETE SET NULL,
    UNIQUE (path, sha256)
);
CREATE INDEX file_sha256 ON file(sha256);
CREATE INDEX file_report ON file(report_id);

CREATE TABLE page (
    report_id INTEGER NOT NULL REFERENCES report(report_id) ON DELETE CASCADE,
    number INTEGER NOT NULL, width REAL NOT NULL, height REAL NOT NULL, rotation INTEGER NOT NULL, method TEXT NOT NULL,
    PRIMARY KEY (report_id, number)
) WITHOUT ROWID;

CREATE TABLE line (
    report_id INTEGER NOT NULL REFERENCES report(report_id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
    page INTEGER NOT NULL, x0 REAL NOT NULL, y0 REAL NOT NULL, x1 REAL NOT NULL, y1 REAL NOT NULL,
    confidence REAL,
    PRIMARY KEY (report_id, ordinal)
) WITHOUT ROWID;

CREATE TABLE section (
    report_id INTEGER NOT NULL REFERENCES report(report_id) ON DELETE CASCADE,
    section_id INTEGER NOT NULL,
    parent_id INTEGER,
    number TEXT NOT NULL, heading TEXT NOT NULL, level INTEGER NOT NULL,
    char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, page INTEGER,
    PRIMARY KEY (report_id, section_id),
    FOREIGN KEY (report_id, parent_id) REFERENCES section(report_id, section_id) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;

CREATE TABLE report_table (
    report_id INTEGER NOT NULL REFERENCES report(report_id) ON DELETE CASCADE,
    table_id INTEGER NOT NULL,
    char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
    rows INTEGER NOT NULL, cols INTEGER NOT NULL, header_rows INTEGER NOT NULL, page INTEGER,
    PRIMARY KEY (report_id, table_id)
) WITHOUT ROWID;

CREATE TABLE passage (
    rowid INTEGER PRIMARY KEY,         -- what the full-text index points at
    report_id INTEGER NOT NULL REFERENCES report(report_id) ON DELETE CASCADE,
    passage_id INTEGER NOT NULL,
    section_id INTEGER,
    kind TEXT NOT NULL, zone TEXT NOT NULL,
    text TEXT NOT NULL,
    folded TEXT NOT NULL,              -- no marks, đ as d: search by those who type without marks
    page INTEGER, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
    table_id INTEGER, row INTEGER, col INTEGER, row_span INTEGER NOT NULL, col_span INTEGER NOT NULL,
    UNIQUE (report_id, passage_id),
    FOREIGN KEY (report_id, section_id) REFERENCES section(report_id, section_id),
    FOREIGN KEY (report_id, table_id) REFERENCES report_table(report_id, table_id)
);

CREATE VIRTUAL TABLE passage_fts USING fts5 (
    text, folded, content='passage', content_rowid='rowid', tokenize='unicode61 remove_diacritics 0'
);
CREATE TRIGGER passage_ai AFTER INSERT ON passage BEGIN
    INSERT INTO passage_fts(rowid, text, folded) VALUES (new.rowid, new.text, new.folded);
END;
CREATE TRIGGER passage_ad AFTER DELETE ON passage BEGIN
    INSERT INTO passage_fts(passage_fts, rowid, text, folded) VALUES ('delete', old.rowid, old.text, old.folded);
END;

-- What all mentions share: the place. The kinds below hang on it.
CREATE TABLE mention (
    mention_id INTEGER PRIMARY KEY,
    report_id INTEGER NOT NULL REFERENCES report(report_id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('citation', 'date', 'quantity', 'percentage', 'ratio', 'indicator')),
    text TEXT NOT NULL,
    section_id INTEGER, page INTEGER,
    char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
    boxes TEXT NOT NULL DEFAULT '[]',
    rule TEXT NOT NULL,
    FOREIGN KEY (report_id, section_id) REFERENCES section(report_id, section_id)
);
CREATE INDEX mention_report ON mention(report_id, kind, char_start);

CREATE TABLE cited_document (
    document_id INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    doc_type TEXT, issuer TEXT
);

CREATE TABLE indicator (
    code TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    unit TEXT, kind TEXT,
    ordinal INTEGER                     -- place in the catalogue, hence in the district's sheet
) WITHOUT ROWID;

CREATE TABLE citation (
    mention_id INTEGER PRIMARY KEY REFERENCES mention(mention_id) ON DELETE CASCADE,
    document_id INTEGER REFERENCES cited_document(document_id),
    code TEXT NOT NULL, doc_type TEXT, number TEXT, year INTEGER, symbol TEXT,
    issued_on TEXT, issued_text TEXT, date_start INTEGER, date_end INTEGER,
    issuer TEXT, issuer_level TEXT, subject TEXT, incomplete INTEGER NOT NULL
);
CREATE INDEX citation_document ON citation(document_id);

CREATE TABLE date_mention (
    mention_id INTEGER PRIMARY KEY REFERENCES mention(mention_id) ON DELETE CASCADE,
    kind TEXT NOT NULL, start_on TEXT, end_on TEXT, role TEXT
);

CREATE TABLE quantity (
    mention_id INTEGER PRIMARY KEY REFERENCES mention(mention_id) ON DELETE CASCADE,
    value TEXT NOT NULL, value_text TEXT NOT NULL, decimals INTEGER NOT NULL, unit TEXT, noun TEXT,
    qualifier TEXT NOT NULL, other_value TEXT, change TEXT NOT NULL, basis TEXT NOT NULL
);

CREATE TABLE percentage (
    mention_id INTEGER PRIMARY KEY REFERENCES mention(mention_id) ON DELETE CASCADE,
    value TEXT NOT NULL, value_text TEXT NOT NULL, decimals INTEGER NOT NULL, noun TEXT,
    qualifier TEXT NOT NULL, change TEXT NOT NULL, points INTEGER NOT NULL, basis TEXT NOT NULL
);

CREATE TABLE ratio (
    mention_id INTEGER PRIMARY KEY REFERENCES mention(mention_id) ON DELETE CASCADE,
    numerator TEXT NOT NULL, denominator TEXT NOT NULL, numerator_text TEXT NOT NULL, denominator_text TEXT NOT NULL,
    noun TEXT, stated_percent TEXT, kind TEXT NOT NULL
);

CREATE TABLE indicator_value (
    mention_id INTEGER PRIMARY KEY REFERENCES mention(mention_id) ON DELETE CASCADE,
    indicator TEXT NOT NULL REFERENCES indicator(code),
    value TEXT NOT NULL, value_text TEXT NOT NULL, decimals INTEGER NOT NULL, unit TEXT, qualifier TEXT NOT NULL,
    as_of TEXT, period_start TEXT, period_end TEXT, basis TEXT NOT NULL, scope TEXT, breakdown TEXT,
    cumulative INTEGER NOT NULL
);
CREATE INDEX indicator_value_code ON indicator_value(indicator);

CREATE TABLE finding (
    finding_id INTEGER PRIMARY KEY,
    report_id INTEGER NOT NULL REFERENCES report(report_id) ON DELETE CASCADE,
    other_report_id INTEGER REFERENCES report(report_id) ON DELETE CASCADE,
    reach TEXT NOT NULL CHECK (reach IN ('inside', 'across')),
    rule TEXT NOT NULL, variant TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
    message TEXT NOT NULL, values_json TEXT NOT NULL, identity TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    gone INTEGER NOT NULL DEFAULT 0,    -- 1: reviewed once, and the checks no longer raise it
    UNIQUE (report_id, reach, fingerprint)
);
CREATE INDEX finding_fingerprint ON finding(fingerprint);

CREATE TABLE evidence (
    finding_id INTEGER NOT NULL REFERENCES finding(finding_id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    role TEXT NOT NULL,
    report_id INTEGER NOT NULL REFERENCES report(report_id) ON DELETE CASCADE,
    foreign_side INTEGER NOT NULL,      -- 1: the checks named another report for it
    text TEXT NOT NULL, section_id INTEGER, page INTEGER,
    char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, boxes TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (finding_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX evidence_report ON evidence(report_id);

-- Every decision ever taken. Never updated, never deleted.
CREATE TABLE review (
    review_id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'confirmed', 'dismissed', 'fixed')),
    note TEXT NOT NULL DEFAULT '', reviewer TEXT NOT NULL DEFAULT '', at TEXT NOT NULL
);
CREATE INDEX review_fingerprint ON review(fingerprint, review_id);
CREATE TRIGGER review_no_update BEFORE UPDATE ON review BEGIN SELECT RAISE(ABORT, 'reviews are append only'); END;
CREATE TRIGGER review_no_delete BEFORE DELETE ON review BEGIN SELECT RAISE(ABORT, 'reviews are append only'); END;

-- A rule that the office does not want for a commune, a topic, or at all (NULL matches everything).
CREATE TABLE waiver (
    waiver_id INTEGER PRIMARY KEY,
    rule TEXT NOT NULL, commune_key TEXT, topic_key TEXT,
    note TEXT NOT NULL DEFAULT '', reviewer TEXT NOT NULL DEFAULT '', at TEXT NOT NULL,
    ended_at TEXT
);
