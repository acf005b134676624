-- Waivers may also name one finding (by its fingerprint) or one report; the office's check settings live beside its data.
CREATE TABLE waiver_2 (
    waiver_id INTEGER PRIMARY KEY,
    rule TEXT, fingerprint TEXT, report_id INTEGER REFERENCES report(report_id) ON DELETE CASCADE,
    commune_key TEXT, topic_key TEXT,
    note TEXT NOT NULL DEFAULT '', reviewer TEXT NOT NULL DEFAULT '', at TEXT NOT NULL,
    ended_at TEXT,
    CHECK (rule IS NOT NULL OR fingerprint IS NOT NULL OR report_id IS NOT NULL)
);
INSERT INTO waiver_2 (waiver_id, rule, commune_key, topic_key, note, reviewer, at, ended_at)
SELECT waiver_id, rule, commune_key, topic_key, note, reviewer, at, ended_at FROM waiver;
DROP TABLE waiver;
ALTER TABLE waiver_2 RENAME TO waiver;

CREATE TABLE check_setting (
    name TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
