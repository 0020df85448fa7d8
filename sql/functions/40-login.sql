-- An event that changes no row.  Who, from where and for which request comes from the context of
-- the act; the caller says what happened and to what, and can neither pass it off as a change nor
-- put it into the history of a row.
CREATE OR REPLACE FUNCTION audit_note(what text, object_type text, object text, detail jsonb)
	RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	IF object_type NOT IN ('account', 'session', 'route', 'token') THEN
		RAISE EXCEPTION 'not an object of a note: %', object_type;
	END IF;
	INSERT INTO audit_event (institution, person, office, account, client, request_id,
		operation, action, object_type, object, version, after)
	SELECT (SELECT institution FROM person WHERE login = coalesce(
			CASE WHEN object_type = 'account' THEN object END, acting('person'))),
		c.*, 'note', object_type, object, 0,
		jsonb_build_object('what', what) || coalesce(detail, '{}')
	FROM act_context() c;
END $$;
REVOKE ALL ON FUNCTION audit_note(text, text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_note(text, text, text, jsonb) TO daicho_app;

-- Seconds between a failure and the next attempt.
CREATE OR REPLACE FUNCTION login_pause(kind text, failures integer) RETURNS integer
	LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE kind
		WHEN 'pair' THEN CASE WHEN failures < 3 THEN 0
			ELSE least(300, (2 ^ least(failures - 3, 20))::integer) END
		WHEN 'account' THEN least(5, greatest(0, failures - 10))
		ELSE CASE WHEN failures < 20 THEN 0
			ELSE least(60, (2 ^ least(failures - 20, 20))::integer) END
	END $$;

CREATE OR REPLACE FUNCTION login_fail(kind text, key bytea) RETURNS void LANGUAGE sql AS $$
	INSERT INTO login_delay AS d (kind, key, failures, failed_at)
	VALUES ($1, $2, 1, act_now())
	ON CONFLICT ON CONSTRAINT login_delay_pkey DO UPDATE SET failed_at = act_now(),
		failures = CASE WHEN d.failed_at < act_now() - interval '1 hour' THEN 1
			ELSE least(d.failures + 1, 1000) END $$;

-- Before the password is looked at: how long to wait (0: go on).  The attempt counts as a failure
-- from here on, so that many at once are no way around the delay; login_succeeded() takes it back.
--
-- Only the pair's own failures start a wait: strangers can stretch it by five seconds, but they
-- can keep nobody out.  An address that has logged this account in before is not held up by what
-- others do at the same address.
CREATE OR REPLACE FUNCTION login_attempt(login text, address text) RETURNS integer
	LANGUAGE plpgsql AS $$
DECLARE
	pair bytea := sha256(convert_to(login || E'\n' || address, 'UTF8'));
	account bytea := sha256(convert_to(login, 'UTF8'));
	place bytea := sha256(convert_to(address, 'UTF8'));
	mine login_delay;
	others integer;
	wait double precision := 0;
	n integer;
BEGIN
	-- one attempt of a pair after the other
	PERFORM pg_advisory_xact_lock(hashtextextended(encode(pair, 'hex'), 20));
	SELECT * INTO mine FROM login_delay d WHERE d.kind = 'pair' AND d.key = pair;
	IF mine.failures > 0 AND mine.failed_at > act_now() - interval '1 hour' THEN
		SELECT failures INTO others FROM login_delay d WHERE d.kind = 'account'
			AND d.key = account AND d.failed_at > act_now() - interval '1 hour';
		n := greatest(login_pause('pair', mine.failures),
			login_pause('account', coalesce(others, 0)));
		-- behind a proxy that tells no address, "unix" is everybody
		IF address = 'unix' THEN
			n := least(n, 5);
		END IF;
		wait := n - extract(epoch FROM act_now() - mine.failed_at);
	END IF;
	IF mine.succeeded_at IS NULL AND address <> 'unix' THEN
		SELECT greatest(wait, login_pause('address', d.failures)
			- extract(epoch FROM act_now() - d.failed_at)) INTO wait
		FROM (SELECT 1) one LEFT JOIN login_delay d ON d.kind = 'address' AND d.key = place
			AND d.failed_at > act_now() - interval '1 hour';
	END IF;
	IF coalesce(wait, 0) > 0 THEN
		RETURN ceil(wait);
	END IF;
	PERFORM login_fail('pair', pair);
	PERFORM login_fail('account', account);
	PERFORM login_fail('address', place);
	DELETE FROM login_delay d WHERE d.ctid = ANY (ARRAY(SELECT x.ctid FROM login_delay x
		WHERE greatest(x.failed_at, x.succeeded_at) < act_now() - interval '30 days'
			OR (x.succeeded_at IS NULL AND x.failed_at < act_now() - interval '1 hour')
		LIMIT 20 FOR UPDATE SKIP LOCKED));
	RETURN 0;
END $$;

CREATE OR REPLACE FUNCTION login_succeeded(login text, address text) RETURNS void
	LANGUAGE sql AS $$
	UPDATE login_delay SET failures = 0, succeeded_at = act_now()
	WHERE kind = 'pair' AND key = sha256(convert_to(login || E'\n' || address, 'UTF8'));
	-- in the order of login_attempt(), so that the two never wait for each other
	UPDATE login_delay SET failures = greatest(0, failures - 1)
	WHERE kind = 'account' AND key = sha256(convert_to(login, 'UTF8'));
	UPDATE login_delay SET failures = greatest(0, failures - 1)
	WHERE kind = 'address' AND key = sha256(convert_to(address, 'UTF8')) $$;

-- What a log-in needs to know of an account, whatever may be seen; no row: nobody.  Of those who
-- are gone only the name, for the log.
CREATE OR REPLACE FUNCTION login_account(account text)
	RETURNS TABLE (login text, lives boolean, hash text, secret text, sealed boolean,
		last_counter bigint)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT p.login, l.lives, CASE WHEN l.lives THEN w.hash END,
		CASE WHEN l.lives THEN encode(t.secret, 'hex') END, t.sealed, t.last_counter
	FROM person p
		CROSS JOIN LATERAL (SELECT p.active AND (p.left_on IS NULL
			OR p.left_on >= act_today()) AS lives) l
		LEFT JOIN password w ON w.person = p.login
		LEFT JOIN totp t ON t.person = p.login AND t.confirmed_at IS NOT NULL
	WHERE p.login = $1 $$;
REVOKE ALL ON FUNCTION login_account(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION login_account(text) TO daicho_app;
