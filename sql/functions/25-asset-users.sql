-- Taking away the last user of a registered asset would undo REG-08: the asset is judged again.
CREATE OR REPLACE FUNCTION asset_user_judge() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	codes text[];
BEGIN
	SELECT array_agg(DISTINCT code) INTO codes
	FROM asset a, unnest(asset_violation_r(a)) code
	WHERE a.asset_no IN (SELECT asset FROM old_rows) AND a.state <> 'draft';
	IF codes IS NOT NULL THEN
		RAISE EXCEPTION 'rules violated' USING ERRCODE = 'DR001',
			DETAIL = rule_messages(codes);
	END IF;
	RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER a_judge_delete AFTER DELETE ON asset_user
	REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION asset_user_judge();
CREATE OR REPLACE TRIGGER a_judge_update AFTER UPDATE ON asset_user
	REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION asset_user_judge();
