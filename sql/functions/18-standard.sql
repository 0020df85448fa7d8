-- The standard as data: clauses and what cites them, own numbers and texts.

-- '2.1(2)②(d)-1' → '2.1(2)②(d)' → '2.1(2)②' … → '2'; NULL above that.
CREATE OR REPLACE FUNCTION clause_parent(no text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
	SELECT nullif(nullif(regexp_replace(no, '(-\d+|\[\d+\]|\([a-z]\)|\(\d+\)|[①-⑳]〜[①-⑳]|'
		'[①-⑳]|[ア-オ]|制限| [^ ]*[^①-⑳限]|表|\.\d+)$', ''), no), '別') $$;

-- Every clause that a citation names, in full.  What follows a comma may be short: '2.1(2)②(b),
-- ⑥(a)' is 2.1(2)②(b) and 2.1(2)⑥(a); '⑧(a)(c)' is two.  Each part has a rank; one of the same
-- or a higher rank takes the place of the one before.  Words in brackets only explain.
CREATE OR REPLACE FUNCTION clauses_cited(citation text) RETURNS SETOF text
	LANGUAGE plpgsql IMMUTABLE STRICT ROWS 2 AS $$
DECLARE
	path text[] := '{}'; -- by rank; NULL: none
	part text;
	rank integer;
	seen integer := 0; -- rank of the part before, 0: nothing to tell
BEGIN
	FOR part IN SELECT m[1] FROM regexp_matches(citation || ',', '(-\d+|\d+(?:\.\d+)+|第\d章|'
		'\(\d+\)|[①-⑳]|\[\d+\]|\([a-z]\)|[ア-オ]|別表|別紙(?:[「 ][^」,、]+」?)?|表|'
		'機密性\d(?:[①-⑳]〜[①-⑳]|[①-⑳]|制限)?|「[^」]*」|[、,，・])', 'g') m LOOP
		rank := CASE
			WHEN part ~ '^「' THEN NULL
			WHEN part ~ '^(\d|第|別)' THEN 1
			WHEN part ~ '^\(\d' THEN 2
			WHEN part ~ '^[①-⑳]' THEN 3
			WHEN part ~ '^(\[|\(|表)' THEN 4
			WHEN part ~ '^([ア-オ]|機密性|-)' THEN 5
			ELSE 0 END;
		CONTINUE WHEN rank IS NULL;
		IF seen > 0 AND rank <= seen THEN
			RETURN NEXT array_to_string(path, '');
		END IF;
		IF rank > 0 THEN
			path := path[:rank - 1];
			path[rank] := CASE
				WHEN part ~ '^別紙.' THEN '別紙 ' || btrim(substr(part, 3), '「」 ')
				WHEN part ~ '^第' THEN btrim(part, '第章')
				WHEN part ~ '^機密性' THEN ' ' || part
				ELSE part END;
		END IF;
		seen := rank;
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION clause_add(no text, ja text, en text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO clause (edition, clause, chapter, parent, position, title_ja, title_en)
	SELECT (SELECT code FROM edition), no, substring(no FROM '^(別.|\d)'), clause_parent(no),
		(SELECT coalesce(max(c.position), 0) + 1 FROM clause c), ja, en $$;

-- The organisation's own numbers in place of those cited; NULL where it has none of them.
CREATE OR REPLACE FUNCTION own_numbers(citation text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(l.own_number, ', ' ORDER BY c.place)
	FROM clauses_cited(citation) WITH ORDINALITY c (clause, place)
	JOIN clause_local l ON l.clause = c.clause $$;

-- What a rule says to the client.  (Nothing is looked for where nobody has own numbers.)
CREATE OR REPLACE VIEW rule_message AS
	SELECT r.code, r.mode, r.severity, r.field, r.clause, CASE WHEN EXISTS (SELECT FROM clause_local)
			THEN own_numbers(r.clause) END AS own_number,
		coalesce(l.ja, r.ja) AS ja, coalesce(l.en, r.en) AS en
	FROM rule r LEFT JOIN rule_local l ON l.code = r.code;

-- Which rules cite which clause.
CREATE OR REPLACE VIEW rule_clause AS
	SELECT r.code, c.clause FROM rule r, clauses_cited(r.clause) c (clause);

-- One row per clause, with the own number and title beside.
CREATE OR REPLACE VIEW clause_shown AS
	SELECT c.clause, c.edition, c.chapter, c.parent, c.position, c.title_ja, c.title_en,
		l.own_number, l.own_title_ja, l.own_title_en
	FROM clause c LEFT JOIN clause_local l ON l.clause = c.clause;

SELECT audit_attach('clause_local', 'clause');
SELECT audit_attach('rule_local', 'code');

-- What is wrong with a table of own numbers and texts: [{line, kind, code, own_number, ja, en}].
CREATE OR REPLACE FUNCTION standard_faults(given jsonb)
	RETURNS TABLE (line integer, field text, code text, ja text, en text)
	LANGUAGE sql STABLE AS $$
	WITH x AS (
		SELECT g.* FROM jsonb_to_recordset(given) g (line integer, kind text, code text,
			own_number text, ja text, en text)
	), twice AS (
		SELECT x.line, row_number() OVER (PARTITION BY x.kind, x.code ORDER BY x.line) AS n
		FROM x WHERE x.code IS NOT NULL
	)
	SELECT x.line, 'kind', 'unknown_choice', 'clause か rule です。', 'clause or rule.'
	FROM x WHERE x.kind IS NULL OR x.kind NOT IN ('clause', 'rule')
	UNION ALL
	SELECT x.line, 'code', 'unknown_clause', 'この条項はありません。', 'There is no such clause.'
	FROM x WHERE x.kind = 'clause'
		AND NOT EXISTS (SELECT FROM clause c WHERE c.clause = x.code)
	UNION ALL
	SELECT x.line, 'code', 'unknown_rule', 'この規則はありません。', 'There is no such rule.'
	FROM x WHERE x.kind = 'rule' AND NOT EXISTS (SELECT FROM rule r WHERE r.code = x.code)
	UNION ALL
	SELECT t.line, 'code', 'duplicate', '同じ行が前にあります。', 'It stands further up already.'
	FROM twice t WHERE t.n > 1
	UNION ALL
	SELECT x.line, 'own_number', 'not_allowed', '規則には独自の番号を付けられません（条項に付けます）。',
		'Rules are not numbered; clauses are.'
	FROM x WHERE x.kind = 'rule' AND x.own_number IS NOT NULL
	UNION ALL
	SELECT x.line, NULL, 'empty', '番号も文もない行です。', 'The line has neither number nor text.'
	FROM x WHERE num_nonnulls(x.own_number, x.ja, x.en) = 0
	UNION ALL
	SELECT x.line, v.field, 'too_long', '長すぎます。', 'Too long.'
	FROM x, LATERAL (VALUES ('own_number', x.own_number, 64),
		('ja', x.ja, CASE x.kind WHEN 'rule' THEN 1000 ELSE 200 END),
		('en', x.en, CASE x.kind WHEN 'rule' THEN 1000 ELSE 200 END)) v (field, t, most)
	WHERE char_length(v.t) > v.most
	ORDER BY 1, 2 $$;

-- Replaces all of them, or nothing: then the faults are answered.  Only where the machine stands.
CREATE OR REPLACE FUNCTION standard_import(given jsonb)
	RETURNS TABLE (line integer, field text, code text, ja text, en text)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
	IF NOT scope_all() THEN
		RAISE EXCEPTION 'not where the machine stands' USING ERRCODE = 'DR002';
	END IF;
	RETURN QUERY SELECT f.* FROM standard_faults(given) f;
	IF FOUND THEN
		RETURN;
	END IF;
	DELETE FROM clause_local l WHERE NOT EXISTS (SELECT FROM jsonb_to_recordset(given)
		g (kind text, code text) WHERE g.kind = 'clause' AND g.code = l.clause);
	INSERT INTO clause_local AS l (clause, own_number, own_title_ja, own_title_en)
		SELECT g.code, g.own_number, g.ja, g.en FROM jsonb_to_recordset(given)
			g (kind text, code text, own_number text, ja text, en text)
		WHERE g.kind = 'clause'
		ON CONFLICT (clause) DO UPDATE SET own_number = excluded.own_number,
			own_title_ja = excluded.own_title_ja, own_title_en = excluded.own_title_en,
			row_version = l.row_version + 1
		WHERE (l.own_number, l.own_title_ja, l.own_title_en) IS DISTINCT FROM
			(excluded.own_number, excluded.own_title_ja, excluded.own_title_en);
	DELETE FROM rule_local l WHERE NOT EXISTS (SELECT FROM jsonb_to_recordset(given)
		g (kind text, code text) WHERE g.kind = 'rule' AND g.code = l.code);
	INSERT INTO rule_local AS l (code, ja, en)
		SELECT g.code, g.ja, g.en FROM jsonb_to_recordset(given)
			g (kind text, code text, ja text, en text)
		WHERE g.kind = 'rule'
		ON CONFLICT (code) DO UPDATE SET ja = excluded.ja, en = excluded.en,
			row_version = l.row_version + 1
		WHERE (l.ja, l.en) IS DISTINCT FROM (excluded.ja, excluded.en);
END $$;

-- The same table, as it stands.
CREATE OR REPLACE VIEW standard_local AS
	SELECT 'clause' AS kind, l.clause AS code, l.own_number, l.own_title_ja AS ja,
		l.own_title_en AS en
	FROM clause_local l
	UNION ALL
	SELECT 'rule', l.code, NULL, l.ja, l.en FROM rule_local l;

DELETE FROM clause;
INSERT INTO edition VALUES ('2025-03-27', '情報セキュリティ対策基準', 'Security standard', '2025-03-27')
	ON CONFLICT (code) DO UPDATE SET title_ja = excluded.title_ja, title_en = excluded.title_en,
		in_force_from = excluded.in_force_from;
