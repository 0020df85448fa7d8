-- Webhooks: what goes out, in whose name, and what becomes of it.  The daemon's thread asks as the
-- register itself; what an event tells is read in the name and office of the hook's owner.

SELECT audit_attach('webhook', 'webhook_no');

-- Hooks that are to get events, and whether their owner still holds the office.
CREATE OR REPLACE FUNCTION webhooks_live() RETURNS TABLE (webhook text, institution text,
	owner text, office text, types text[], fit boolean) LANGUAGE sql STABLE AS $$
	SELECT w.webhook_no, w.institution, w.owner, w.office, w.types,
		has_office(w.owner, w.office, w.institution, act_today())
	FROM webhook w WHERE w.active AND w.ended_at IS NULL ORDER BY 1 $$;

-- Nobody answers for it any more, or the receiver wants no more.
CREATE OR REPLACE FUNCTION webhook_disable(no text, why text) RETURNS void LANGUAGE sql AS $$
	UPDATE webhook w SET active = false, disabled_reason = why, row_version = w.row_version + 1,
		updated_at = now()
	WHERE w.webhook_no = no AND w.active $$;

-- Where a hook has got to, locked: another daemon that spreads the same hook passes by.
CREATE OR REPLACE FUNCTION webhook_take(no text) RETURNS TABLE (seat integer, xid text, id bigint)
	LANGUAGE sql AS $$
	SELECT p.seat, p.xid::text, p.id FROM webhook_place p WHERE p.webhook = no
		AND (SELECT count(*) FROM webhook_delivery d WHERE d.webhook = no
			AND d.state = 'waiting') < 10000
	FOR UPDATE SKIP LOCKED $$;

-- list: [{"message_id", "event_id", "type", "body"}]
CREATE OR REPLACE FUNCTION webhook_spread(no text, at_institution text, list jsonb,
	at_seat integer, at_xid xid8, at_id bigint) RETURNS void LANGUAGE sql AS $$
	INSERT INTO webhook_delivery (institution, webhook, message_id, event_id, type, body, next_at)
	SELECT at_institution, no, x.message_id, x.event_id, x.type, x.body, act_now()
	FROM jsonb_to_recordset(list) x (message_id text, event_id bigint, type text, body text)
	ORDER BY x.event_id
	ON CONFLICT (webhook, event_id) DO NOTHING;
	UPDATE webhook_place p SET seat = at_seat, xid = at_xid, id = at_id WHERE p.webhook = no $$;

-- The next of each hook that has none under way: for a minute it is this daemon's.  The lease runs
-- by the true time, which tests do not move.
CREATE OR REPLACE FUNCTION webhook_claim(most integer) RETURNS TABLE (delivery_no bigint,
	webhook text, url text, message_id text, body text, attempts integer, secret text,
	sealed boolean) LANGUAGE sql AS $$
	WITH due AS (
		SELECT DISTINCT ON (d.webhook) d.delivery_no FROM webhook_delivery d
		JOIN webhook w ON w.webhook_no = d.webhook AND w.ended_at IS NULL
			AND (w.active OR d.event_id IS NULL)
		JOIN webhook_secret k ON k.webhook = d.webhook
		WHERE d.state = 'waiting' AND d.next_at <= act_now() AND NOT EXISTS (SELECT
			FROM webhook_delivery o WHERE o.webhook = d.webhook AND o.state = 'waiting'
			AND o.claimed_until > clock_timestamp())
		ORDER BY d.webhook, d.next_at, d.delivery_no LIMIT most
	), mine AS (
		SELECT d.delivery_no FROM webhook_delivery d
		WHERE d.delivery_no IN (SELECT x.delivery_no FROM due x) AND d.state = 'waiting'
			AND (d.claimed_until IS NULL OR d.claimed_until <= clock_timestamp())
		FOR UPDATE SKIP LOCKED
	)
	UPDATE webhook_delivery d SET claimed_until = clock_timestamp() + interval '60 seconds',
		attempts = d.attempts + 1
	FROM mine m, webhook w, webhook_secret s
	WHERE m.delivery_no = d.delivery_no AND w.webhook_no = d.webhook AND s.webhook = d.webhook
	RETURNING d.delivery_no, d.webhook, w.url, d.message_id, d.body, d.attempts,
		encode(s.secret, 'hex'), s.sealed $$;

-- How the attempt ended: delivered, or again in so many seconds; NULL: never again.
CREATE OR REPLACE FUNCTION webhook_settle(no bigint, of_attempt integer, done boolean,
	status integer, error text, again_in bigint) RETURNS void LANGUAGE sql AS $$
	UPDATE webhook_delivery d SET claimed_until = NULL, last_status = status,
		last_error = CASE WHEN NOT done THEN left(error, 500) END,
		state = CASE WHEN done THEN 'delivered' WHEN again_in IS NULL THEN 'dead'
			ELSE 'waiting' END,
		ended_at = CASE WHEN done OR again_in IS NULL THEN act_now() END,
		next_at = coalesce(act_now() + make_interval(secs => again_in), d.next_at)
	WHERE d.delivery_no = no AND d.state = 'waiting' AND d.attempts = of_attempt;
	SELECT webhook_disable(d.webhook, 'gone') FROM webhook_delivery d
	WHERE status = 410 AND d.delivery_no = no $$;

-- What nobody asks for any more.
CREATE OR REPLACE FUNCTION consumers_tidy() RETURNS void LANGUAGE sql AS $$
	DELETE FROM webhook_delivery d WHERE d.state = 'delivered'
		AND d.ended_at < act_now() - interval '30 days';
	DELETE FROM webhook_delivery d WHERE d.state IN ('dead', 'cancelled')
		AND d.ended_at < act_now() - interval '90 days';
	DELETE FROM notice n WHERE n.state <> 'waiting'
		AND n.ended_at < act_now() - interval '90 days' $$;

-- A moment as rows have it.
CREATE OR REPLACE FUNCTION moment_text(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

-- One hook as its officers see it; never its secret.
CREATE OR REPLACE FUNCTION webhook_document(w webhook) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT json_build_object('webhook_no', w.webhook_no, 'institution', w.institution,
		'url', w.url, 'types', w.types, 'note', w.note, 'owner', w.owner, 'office', w.office,
		'active', w.active, 'disabled_reason', w.disabled_reason,
		'secret_set_at', moment_text(w.secret_set_at), 'row_version', w.row_version,
		'created_at', moment_text(w.created_at), 'updated_at', moment_text(w.updated_at))::text $$;
