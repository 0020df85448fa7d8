-- Findings of every ledger that has rules, or whose rows name something that has.
SELECT findings_build(t) FROM (
	SELECT DISTINCT ledger FROM rule
	UNION SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'
		AND confrelid IN ('asset'::regclass, 'external_media'::regclass)
	) v (t) ORDER BY t;
-- The rules are new: what was found by others is over, and everything is to be judged.
UPDATE finding f SET closed_at = now(), row_version = f.row_version + 1, updated_at = now()
	WHERE f.closed_at IS NULL AND NOT EXISTS (SELECT FROM finding_rule r WHERE r.code = f.rule
		AND r.ledger = f.ledger);
UPDATE finding f SET severity = r.severity, row_version = f.row_version + 1, updated_at = now()
	FROM rule r WHERE r.code = f.rule AND f.closed_at IS NULL AND f.severity <> r.severity;
DELETE FROM finding_pass;
