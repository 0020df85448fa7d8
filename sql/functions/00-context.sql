-- A function in sql that is not merged into the query which calls it (it looks into a table, or is
-- SECURITY DEFINER) is parsed and planned anew for every statement, and for every call of a
-- function that calls it (until PostgreSQL 18); one in plpgsql once for a connection.  So what is
-- asked of one row at a time, by functions that ask each other, is plpgsql: measured on 15, who may
-- take a step costs 2.6 ms in sql and 0.1 ms so.  Where a type or an office decides which tables are
-- read, IF says so rather than CASE inside a query: else each call is planned for its own value.

-- The act: who, in which office, for which request.  The daemon sets these inside the
-- transaction; without them a change is recorded as made by the database role itself.
CREATE OR REPLACE FUNCTION acting(what text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT nullif(current_setting('daicho.' || what, true), '') $$;

CREATE OR REPLACE FUNCTION act_context(OUT person text, OUT office text, OUT account text,
	OUT client text, OUT request_id text, OUT operation text) LANGUAGE plpgsql STABLE AS $$
BEGIN
	person := coalesce(acting('person'), 'role:' || session_user);
	office := acting('office');
	account := acting('account');
	client := acting('client');
	request_id := acting('request_id');
	operation := acting('operation');
END $$;

-- The time by which terms, sessions and tokens are judged; tests move it.
CREATE OR REPLACE FUNCTION act_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
	SELECT now() + make_interval(secs => coalesce(acting('clock_offset'), '0')::bigint) $$;
CREATE OR REPLACE FUNCTION act_today() RETURNS date LANGUAGE sql STABLE AS $$
	SELECT act_now()::date $$;
