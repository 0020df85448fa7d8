-- 接続 (4.1(2)②(c)): what a permission lets onto a network, and how that ends: by whoever
-- disconnects it, by its term, and with the asset itself, whatever path the asset goes.

CREATE OR REPLACE FUNCTION connected_assets(r request) RETURNS SETOF asset LANGUAGE sql STABLE AS $$
	SELECT a.* FROM asset a WHERE a.institution = r.institution AND (a.asset_no = r.asset
		OR a.asset_no IN (SELECT jsonb_array_elements_text(coalesce(r.payload->'more_assets',
			'[]')))) $$;

-- 2.1(2)⑥(c), 6.1.1(2)⑤: what is stopped, gone or another 機関's is on no network.
CREATE OR REPLACE FUNCTION state_cut_off(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT state IN ('suspended', 'retired', 'sanitised', 'disposed', 'transferred', 'lost') $$;
CREATE OR REPLACE FUNCTION asset_cut_off(no text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM asset x WHERE x.asset_no = no AND state_cut_off(x.state)) $$;
CREATE OR REPLACE FUNCTION connection_open(c network_connection) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT (c.ended_on IS NULL OR c.ended_on > act_today())
		AND (c.valid_to IS NULL OR c.valid_to >= act_today()) $$;

-- The same written by hand: what stands beside it at the same time; NULL: nothing.
CREATE OR REPLACE FUNCTION connection_obstacle(no text, of_asset text, at_network text, since date,
	until date, ended date) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_array((fault('connected_already', 'asset', '4.1(2)②(c)',
		format('%s は、このネットワークに接続済みです（%s）。先にその切断日を入力してください。', of_asset,
			c.connection_no),
		format('%s is on this network already (%s): enter first when that was disconnected.',
			of_asset, c.connection_no)) -> 0) || jsonb_build_object('value', c.connection_no))
	FROM network_connection c
	WHERE c.asset = of_asset AND c.network = at_network AND c.connection_no IS DISTINCT FROM no
		AND connection_open(c) AND coalesce(ended > act_today(), true)
		AND coalesce(until >= act_today(), true)
		AND coalesce(c.valid_to >= since, true) AND coalesce(c.ended_on > since, true)
		AND coalesce(until >= c.permitted_on, true) AND coalesce(ended > c.permitted_on, true)
	ORDER BY c.connection_no LIMIT 1 $$;
-- Of a row that waits in an import: the table itself may connect it twice.
CREATE OR REPLACE FUNCTION network_connection_twice(a network_connection_staging) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(connection_obstacle(coalesce(a.found, a.connection_no), a.asset, a.network, a.permitted_on,
		a.valid_to, a.ended_on), (SELECT fault('connected_twice', 'asset', '4.1(2)②(c)',
			format('同じ機器の同じネットワークへの接続が、表の中に2つあります（%s行目）。', s.line),
			format('The table has the same asset on the same network already: line %s.', s.line))
		FROM network_connection_staging s WHERE s.import_no = a.import_no AND s.line < a.line
			AND s.act IS DISTINCT FROM 'skip' AND s.asset = a.asset AND s.network = a.network
			AND coalesce(a.ended_on > act_today(), true) AND coalesce(s.ended_on > act_today(), true)
			AND coalesce(s.valid_to >= greatest(a.permitted_on, act_today()), true)
			AND coalesce(a.valid_to >= greatest(s.permitted_on, act_today()), true)
		ORDER BY s.line LIMIT 1)) $$;
-- Two that are written at once wait for each other at the row of the asset.
CREATE OR REPLACE FUNCTION connection_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	list jsonb;
BEGIN
	PERFORM FROM asset a WHERE a.asset_no = NEW.asset FOR NO KEY UPDATE;
	list := connection_obstacle(NEW.connection_no, NEW.asset, NEW.network, NEW.permitted_on,
		NEW.valid_to, NEW.ended_on);
	IF list IS NOT NULL THEN
		RAISE EXCEPTION 'connected already' USING ERRCODE = 'DR001', DETAIL = list::text;
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER a_once_insert BEFORE INSERT ON network_connection FOR EACH ROW
	WHEN (NEW.ended_on IS NULL OR NEW.ended_on > NEW.permitted_on)
	EXECUTE FUNCTION connection_once();
CREATE OR REPLACE TRIGGER a_once_update BEFORE UPDATE ON network_connection FOR EACH ROW
	WHEN (ROW(true, OLD.asset, OLD.network, OLD.permitted_on, OLD.valid_to) IS DISTINCT FROM
		ROW(true, NEW.asset, NEW.network, NEW.permitted_on, NEW.valid_to)
		OR coalesce(NEW.ended_on > OLD.ended_on, OLD.ended_on IS NOT NULL))
	EXECUTE FUNCTION connection_once();

-- What stands against letting these assets onto this network now: asked when it is decided, and once
-- more when nobody else can change it.
CREATE OR REPLACE FUNCTION cut_off_faults(r request) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN EXISTS (SELECT FROM connected_assets(r) a
		WHERE a.state NOT IN ('planned', 'in_operation'))
		THEN fault('not_live', 'asset', '4.1(2)②(c)',
			'接続できるのは、設置準備中・運用中の資産だけです。停止・遮断中の資産は、先に復旧してください。',
			'Only what is being prepared or in operation is connected; what is stopped is put back '
			'into operation first.') END $$;
-- One connection of an asset to a network at a time; as it comes to its end the next may follow.
CREATE OR REPLACE FUNCTION connected_faults(r request) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT nullif(coalesce(jsonb_agg(fault('connected_already', CASE c.asset WHEN r.asset
			THEN 'asset' ELSE '#/payload/more_assets' END, '4.1(2)②(c)',
		format('%s は、このネットワークに接続済みです（%s）。切断してから、又は期限まで%s日未満となってから申請してください。',
			c.asset, coalesce(c.request, c.connection_no), d.days),
		format('%s is on this network already (%s): disconnect it first, or apply within %s days of '
			'its end.', c.asset, coalesce(c.request, c.connection_no), d.days)) -> 0
		ORDER BY c.asset), '[]'), '[]')
	FROM network_connection c, (SELECT policy_days('permit_warn', r.institution) AS days) d
	WHERE c.network = r.payload->>'network' AND c.institution = r.institution
		AND c.asset IN (SELECT a.asset_no FROM connected_assets(r) a)
		AND c.request IS DISTINCT FROM r.request_no AND connection_open(c)
		AND coalesce(c.valid_to >= act_today() + d.days, true) $$;

CREATE OR REPLACE FUNCTION guard_network(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(CASE WHEN EXISTS (SELECT FROM connected_assets(r) a
		WHERE a.asset_no = r.payload->>'network') THEN fault('same_asset', '#/payload/network',
			'4.1(2)②(c)', '資産とネットワークが同じです。', 'A network is not connected to itself.') END,
		connected_faults(r)) $$;
CREATE OR REPLACE FUNCTION guard_connection(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(guard_network(r, given),
		cut_off_faults(r),
		CASE WHEN EXISTS (SELECT FROM connected_assets(r) a, asset n
			WHERE n.asset_no = r.payload->>'network'
			AND a.confidentiality > n.network_max_confidentiality)
		THEN fault('above_network', '#/payload/network', '6.8(2)①(d)',
			'ネットワークの機密性の上限を超える資産です。',
			'Rated higher than the network may carry.') END,
		CASE WHEN EXISTS (SELECT FROM connected_assets(r) a WHERE a.provision = 'non_issued'
			AND NOT asset_permitted(a.asset_no, 'non_issued_terminal'))
		THEN fault('not_permitted', 'asset', '6.1.3(2)', '支給外端末の利用許可がありません。',
			'A terminal of one''s own needs its permit first.') END,
		CASE WHEN EXISTS (SELECT FROM connected_assets(r) a WHERE a.important_required
			AND a.important_state <> 'permitted')
		THEN fault('not_permitted', 'asset', '2.1(2)⑧(f)', '重要サーバの許可がありません。',
			'An important server needs its permit first.') END) $$;

-- A statement of no rows would run the triggers of the ledger, too.
CREATE OR REPLACE FUNCTION connections_close(nos text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF cardinality(nos) > 0 THEN
		UPDATE network_connection c SET ended_on = act_today(), row_version = c.row_version + 1,
			updated_by = acting_person(), updated_at = now() WHERE c.connection_no = ANY (nos);
	END IF;
END $$;

-- Two decisions on the same asset, or its end meanwhile, wait for each other at the row of the asset.
CREATE OR REPLACE FUNCTION effect_connection(r request, given jsonb) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	PERFORM FROM asset a WHERE a.asset_no IN (SELECT c.asset_no FROM connected_assets(r) c)
	ORDER BY a.asset_no FOR NO KEY UPDATE;
	PERFORM faults_raise(faults_joined(cut_off_faults(r), connected_faults(r)));
	-- what was about to end is renewed
	PERFORM connections_close(ARRAY(SELECT c.connection_no FROM network_connection c
		WHERE c.network = r.payload->>'network' AND c.institution = r.institution
			AND c.asset IN (SELECT a.asset_no FROM connected_assets(r) a) AND connection_open(c)));
	INSERT INTO network_connection (institution, asset, network, request, permitted_by,
		permitted_on, valid_to)
	SELECT r.institution, a.asset_no, r.payload->>'network', r.request_no, r.decided_by,
		act_today(), r.valid_to FROM connected_assets(r) a;
END $$;
CREATE OR REPLACE FUNCTION effect_disconnect(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT connections_close(ARRAY(SELECT c.connection_no FROM network_connection c
		WHERE c.request = r.request_no AND (c.ended_on IS NULL OR c.ended_on > act_today()))) $$;

-- Does anything still hang on the permission?
CREATE OR REPLACE FUNCTION permit_connects(r request) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM network_connection c WHERE c.request = r.request_no
		AND c.institution = r.institution
		AND (c.ended_on IS NULL OR c.ended_on > act_today())) $$;

-- WF-14, WF-28: the connections of an asset end with it, and those to a network that is no more.
CREATE OR REPLACE FUNCTION connections_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM connections_close(ARRAY(SELECT x.connection_no FROM new_rows n CROSS JOIN LATERAL (
			SELECT c.connection_no, c.ended_on FROM network_connection c WHERE c.asset = n.asset_no
			UNION
			SELECT c.connection_no, c.ended_on FROM network_connection c
			WHERE c.network = n.asset_no AND n.state <> 'suspended') x
		WHERE state_cut_off(n.state) AND (x.ended_on IS NULL OR x.ended_on > act_today())));
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER connections_end AFTER UPDATE ON asset REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION connections_end();

-- With its last connection the permission ends.  No end of an asset is held up by an application.
CREATE OR REPLACE FUNCTION permits_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
	p record;
BEGIN
	FOR p IN SELECT r.request_no, string_agg(DISTINCT o.asset, ', ') AS assets
		FROM old_rows o JOIN request r ON r.request_no = o.request
			AND r.institution = o.institution AND r.request_type = 'network_connection'
			AND r.state = 'approved'
		WHERE NOT permit_connects(r) GROUP BY 1 ORDER BY 1 LOOP
		PERFORM request_ends(p.request_no, 'disconnected', p.assets);
	END LOOP;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER permits_end_update AFTER UPDATE ON network_connection
	REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION permits_end();
CREATE OR REPLACE TRIGGER permits_end_delete AFTER DELETE ON network_connection
	REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION permits_end();
