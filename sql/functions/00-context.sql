-- The act: who, in which office, for which request.  The daemon sets these inside the
-- transaction; without them a change is recorded as made by the database role itself.
CREATE OR REPLACE FUNCTION acting(what text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT nullif(current_setting('daicho.' || what, true), '') $$;

CREATE OR REPLACE FUNCTION act_context(OUT person text, OUT office text, OUT account text,
	OUT client text, OUT request_id text, OUT operation text) LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting('person'), 'role:' || session_user), acting('office'),
		acting('account'), acting('client'), acting('request_id'), acting('operation') $$;

-- The time by which terms, sessions and tokens are judged; tests move it.
CREATE OR REPLACE FUNCTION act_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
	SELECT now() + make_interval(secs => coalesce(acting('clock_offset'), '0')::bigint) $$;
CREATE OR REPLACE FUNCTION act_today() RETURNS date LANGUAGE sql STABLE AS $$
	SELECT act_now()::date $$;
