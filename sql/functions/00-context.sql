-- The act: who, in which office, for which request.  The daemon sets these inside the
-- transaction; without them a change is recorded as made by the database role itself.
CREATE OR REPLACE FUNCTION acting(what text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT nullif(current_setting('daicho.' || what, true), '') $$;

CREATE OR REPLACE FUNCTION act_context(OUT person text, OUT office text, OUT account text,
	OUT client text, OUT request_id text, OUT operation text) LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting('person'), 'role:' || session_user), acting('office'),
		acting('account'), acting('client'), acting('request_id'), acting('operation') $$;

-- Sets the act for this transaction only.
DROP FUNCTION IF EXISTS act_begin(text, text, text, text, text, text, text, text, text, text);
CREATE OR REPLACE FUNCTION act_begin(person text, office text, account text, client text,
	request_id text, operation text, reason text, scope text, timeout text,
	clock_offset text DEFAULT '0', write_scope text DEFAULT '{}', reach text DEFAULT 'nnnn-',
	system text DEFAULT '') RETURNS void
	LANGUAGE sql AS $$
	SELECT set_config('daicho.person', coalesce(person, ''), true),
		set_config('daicho.office', coalesce(office, ''), true),
		set_config('daicho.account', coalesce(account, ''), true),
		set_config('daicho.client', coalesce(client, ''), true),
		set_config('daicho.request_id', coalesce(request_id, ''), true),
		set_config('daicho.operation', coalesce(operation, ''), true),
		set_config('daicho.reason', coalesce(reason, ''), true),
		set_config('daicho.scope', coalesce(scope, ''), true),
		set_config('daicho.write_scope', coalesce(write_scope, ''), true),
		set_config('daicho.reach', coalesce(reach, ''), true),
		set_config('daicho.system', coalesce(system, ''), true),
		set_config('daicho.clock_offset', clock_offset, true),
		set_config('statement_timeout', timeout, true) $$;

-- The time by which terms, sessions and tokens are judged; tests move it.
CREATE OR REPLACE FUNCTION act_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
	SELECT now() + make_interval(secs => coalesce(acting('clock_offset'), '0')::bigint) $$;
CREATE OR REPLACE FUNCTION act_today() RETURNS date LANGUAGE sql STABLE AS $$
	SELECT act_now()::date $$;
