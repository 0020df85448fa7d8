-- Tokens and identities stand in the log like everything else, but for the digest of the secret
-- and the last use.
CREATE OR REPLACE FUNCTION audit_token() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	INSERT INTO audit_event (institution, person, office, account, client, request_id,
		operation, action, object_type, object, version, reason, after)
	SELECT p.institution, c.*, lower(TG_OP), 'token', NEW.id, NEW.row_version,
		acting('reason'), jsonb_strip_nulls(to_jsonb(NEW) - 'secret_sha256' - 'last_used_at'
			- 'last_used_from')
	FROM act_context() c, person p WHERE p.login = NEW.person;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER audit_insert AFTER INSERT ON token
	FOR EACH ROW EXECUTE FUNCTION audit_token();
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON token
	FOR EACH ROW WHEN (OLD.row_version <> NEW.row_version) EXECUTE FUNCTION audit_token();

CREATE OR REPLACE FUNCTION audit_identity() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	r person_identity;
BEGIN
	r := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
	INSERT INTO audit_event (institution, person, office, account, client, request_id,
		operation, action, object_type, object, version, reason, after)
	SELECT p.institution, c.*, lower(TG_OP), 'person_identity', r.person || ':' || r.kind, 1,
		acting('reason'), CASE TG_OP WHEN 'DELETE' THEN NULL ELSE to_jsonb(r) END
	FROM act_context() c, person p WHERE p.login = r.person;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER audit_identity AFTER INSERT OR UPDATE OR DELETE ON person_identity
	FOR EACH ROW EXECUTE FUNCTION audit_identity();

-- A token that is changed stays what it was: whoever holds it, what for, and its secret.
CREATE OR REPLACE FUNCTION token_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.id <> OLD.id OR NEW.person <> OLD.person OR NEW.secret_sha256 <> OLD.secret_sha256
		OR NEW.scopes <> OLD.scopes OR NEW.addresses IS DISTINCT FROM OLD.addresses
		OR NEW.expires_at > OLD.expires_at
		OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL) THEN
		RAISE 'a token is never widened, prolonged or revived' USING ERRCODE = 'DR002';
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER token_keeps BEFORE UPDATE ON token
	FOR EACH ROW EXECUTE FUNCTION token_keeps();
