-- The public contract. Columns named there keep their names and meaning; more may stand behind them.

CREATE VIEW reports AS
SELECT r.report_id, r.file_name, r.sha256, r.format, r.pages, r.commune, r.district, r.province, r.report_no, r.issued_on,
       r.title, r.topic, r.period_start, r.period_end, r.status, r.char_count,
       r.commune_type, r.partial_reason, r.notices, r.first_version,
       row_number() OVER (PARTITION BY r.first_version ORDER BY r.issued_on, r.report_id) AS version,
       row_number() OVER (PARTITION BY r.first_version ORDER BY r.issued_on DESC, r.report_id DESC) = 1 AS newest
FROM report r;

CREATE VIEW texts AS SELECT report_id, text FROM report;

CREATE VIEW sections AS
SELECT report_id, section_id, parent_id, number, heading, level, char_start, char_end, page FROM section;

CREATE VIEW passages AS
SELECT report_id, passage_id, section_id, kind, text, page, char_start, char_end, table_id, row, col, zone, row_span, col_span
FROM passage;

CREATE VIEW mentions AS
SELECT m.mention_id, m.report_id, m.kind, m.text,
       CASE WHEN s.section_id IS NULL THEN NULL ELSE trim(s.number || ' ' || s.heading) END AS section,
       m.page, m.char_start, m.char_end, m.boxes, m.rule, m.section_id
FROM mention m LEFT JOIN section s ON s.report_id = m.report_id AND s.section_id = m.section_id;

CREATE VIEW citations AS
SELECT m.report_id, c.code, c.doc_type, c.number, c.year, c.symbol, c.issued_on, c.issuer, c.subject, c.incomplete,
       m.mention_id, m.text, m.section, m.page, m.char_start, m.char_end, m.boxes, m.rule,
       c.document_id, d.identity, c.issuer_level, c.issued_text, c.date_start, c.date_end
FROM citation c JOIN mentions m USING (mention_id) LEFT JOIN cited_document d USING (document_id);

CREATE VIEW dates AS
SELECT m.report_id, d.kind, d.start_on, d.end_on,
       m.mention_id, m.text, m.section, m.page, m.char_start, m.char_end, m.boxes, m.rule, d.role
FROM date_mention d JOIN mentions m USING (mention_id);

CREATE VIEW quantities AS
SELECT m.report_id, CAST(q.value AS REAL) AS value, q.value_text, q.decimals, q.unit, q.noun, q.qualifier,
       m.mention_id, m.text, m.section, m.page, m.char_start, m.char_end, m.boxes, m.rule,
       CAST(q.other_value AS REAL) AS other_value, q.change, q.basis, q.value AS value_exact
FROM quantity q JOIN mentions m USING (mention_id);

CREATE VIEW percentages AS
SELECT m.report_id, CAST(p.value AS REAL) AS value, p.value_text, p.decimals, p.qualifier, p.noun,
       m.mention_id, m.text, m.section, m.page, m.char_start, m.char_end, m.boxes, m.rule,
       p.change, p.points, p.basis, p.value AS value_exact
FROM percentage p JOIN mentions m USING (mention_id);

CREATE VIEW ratios AS
SELECT m.report_id, CAST(r.numerator AS REAL) AS numerator, CAST(r.denominator AS REAL) AS denominator,
       CAST(r.stated_percent AS REAL) AS stated_percent, r.noun,
       m.mention_id, m.text, m.section, m.page, m.char_start, m.char_end, m.boxes, m.rule,
       r.numerator_text, r.denominator_text, r.kind
FROM ratio r JOIN mentions m USING (mention_id);

CREATE VIEW indicator_values AS
SELECT m.report_id, i.indicator, CAST(i.value AS REAL) AS value, i.value_text, i.unit, i.qualifier, i.as_of,
       i.period_start, i.period_end, i.basis,
       m.mention_id, m.text, m.section, m.page, m.char_start, m.char_end, m.boxes, m.rule,
       i.decimals, i.scope, i.breakdown, i.cumulative, i.value AS value_exact
FROM indicator_value i JOIN mentions m USING (mention_id);

CREATE VIEW findings AS
SELECT f.finding_id, f.report_id, f.rule, f.severity, f.message, f.values_json, f.fingerprint,
       CASE WHEN f.gone THEN 'fixed'
            ELSE coalesce((SELECT v.status FROM review v WHERE v.fingerprint = f.fingerprint
                           ORDER BY v.review_id DESC LIMIT 1), 'open') END AS status,
       f.other_report_id, f.variant, f.reach,
       w.waiver_id IS NOT NULL AS waived, w.note AS waiver_reason, w.reviewer AS waiver_by, w.at AS waiver_at,
       w.waiver_id
FROM finding f LEFT JOIN waiver w ON w.waiver_id = (
    SELECT max(v.waiver_id) FROM waiver v JOIN report r ON r.report_id = f.report_id
    WHERE v.ended_at IS NULL
      AND (v.rule IS NULL OR v.rule = f.rule)
      AND (v.fingerprint IS NULL OR v.fingerprint = f.fingerprint)
      AND (v.report_id IS NULL OR v.report_id = f.report_id)
      AND (v.commune_key IS NULL OR v.commune_key = r.commune_key)
      AND (v.topic_key IS NULL OR v.topic_key = r.topic_key));

CREATE VIEW finding_evidence AS
SELECT e.finding_id, e.ordinal, e.role, e.report_id, e.text,
       CASE WHEN s.section_id IS NULL THEN NULL ELSE trim(s.number || ' ' || s.heading) END AS section,
       e.page, e.char_start, e.char_end, e.boxes, e.section_id
FROM evidence e LEFT JOIN section s ON s.report_id = e.report_id AND s.section_id = e.section_id;

CREATE VIEW reviews AS SELECT fingerprint, status, note, reviewer, at, review_id FROM review;

CREATE VIEW files AS
SELECT f.path, f.file_name, nullif(f.sha256, '') AS sha256, f.bytes, f.received_at, f.outcome, f.reason_code, f.reason,
       f.report_id, f.file_id, f.finished_at, f.attempts, f.detail, f.seconds, f.run_id, s.path AS same_as
FROM file f LEFT JOIN file s ON s.file_id = f.same_as;

CREATE VIEW runs AS SELECT run_id, kind, started_at, finished_at, paths, summary FROM run;

CREATE VIEW waivers AS
SELECT waiver_id, rule, fingerprint, report_id, commune_key, topic_key, note, reviewer, at, ended_at FROM waiver;

CREATE VIEW communes AS
SELECT commune, kind, district, province, valid_from, valid_to, aliases, ordinal FROM district_commune;

CREATE VIEW register AS SELECT line, code, issued_on, subject, issuer, level FROM register_entry;
