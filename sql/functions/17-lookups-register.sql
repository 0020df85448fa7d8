-- Look-ups of the rules about sheets, contracts, areas, exceptions and lists of contacts.

-- Has nobody filled in anything of the sheet?  (Any row that has its columns: of the ledger,
-- waiting in an import, or of a day in the past.)
CREATE OR REPLACE FUNCTION db_sheet_empty(a anyelement) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT num_nonnulls(a.db_dbms, a.db_admin_accounts_managed, a.db_access_attributable,
		a.db_misuse_detection, a.db_vuln_measure, a.db_data_encrypted) = 0 $$;
CREATE OR REPLACE FUNCTION nas_sheet_empty(a anyelement) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT num_nonnulls(a.nas_per_user_auth, a.nas_least_privilege, a.nas_anonymous_access,
		a.nas_data_encrypted, a.nas_key_storage, a.nas_access_log_days,
		a.nas_log_tamper_proof, a.nas_firmware_updated_on,
		a.nas_unneeded_services_off) = 0 $$;

-- A permit that a sheet names counts for this row: of the same 機関, about this asset or, where
-- the application names none, about none in particular.  The same of a medium.
CREATE OR REPLACE FUNCTION permit_covers(no text, at_institution text, of_asset text,
	VARIADIC types text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT no IS NOT NULL AND permit_ok(no, VARIADIC types) AND EXISTS (
		SELECT FROM request r WHERE r.request_no = no AND r.institution = at_institution
		AND (r.asset = of_asset OR num_nonnulls(r.asset, r.medium) = 0)) $$;
CREATE OR REPLACE FUNCTION permit_covers_medium(no text, at_institution text, of_medium text,
	VARIADIC types text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT no IS NOT NULL AND permit_ok(no, VARIADIC types) AND EXISTS (
		SELECT FROM request r WHERE r.request_no = no AND r.institution = at_institution
		AND (r.medium = of_medium OR num_nonnulls(r.asset, r.medium) = 0)) $$;

-- Up to which level is the use of a cloud service approved?  NULL: without a limit on record.
CREATE OR REPLACE FUNCTION cloud_level(no text) RETURNS smallint LANGUAGE sql STABLE AS $$
	SELECT (r.payload->>'max_confidentiality')::smallint FROM request r
	WHERE r.request_no = no AND r.request_type = 'cloud_use' $$;

-- 4.1(2)②(c): does the permission still let this asset onto this network, and for so long?  One
-- that is completed or revoked has ended the connection; where the connection has ended, it is used
-- up for this asset, even if it is still there for others.
CREATE OR REPLACE FUNCTION connection_permitted(no text, at_institution text, of_asset text,
	at_network text, until date) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT permit_ok(no, 'network_connection') AND EXISTS (SELECT FROM request r
		WHERE r.request_no = no AND r.state = 'approved' AND r.institution = at_institution
		AND (r.asset = of_asset OR r.payload->'more_assets' ? of_asset)
		AND r.payload->>'network' = at_network
		AND (r.valid_to IS NULL OR until <= r.valid_to))
		AND NOT EXISTS (SELECT FROM network_connection c WHERE c.request = no
			AND c.asset = of_asset AND c.network = at_network AND c.ended_on <= act_today()) $$;

-- 6.8(2)①(e) and 6.9(2)②(b) ask about the systems behind a network or a device, not about
-- itself: is a live one of 可用性2以上 connected to this network?
CREATE OR REPLACE FUNCTION network_serves(no text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM network_connection n JOIN asset x ON x.asset_no = n.asset
		WHERE n.network = no AND (n.ended_on IS NULL OR n.ended_on > act_today())
		AND (n.valid_to IS NULL OR n.valid_to >= act_today())
		AND asset_is_live(x.state) AND x.availability >= 2) $$;
-- The level of the system that a device is part of.
CREATE OR REPLACE FUNCTION asset_availability(no text) RETURNS smallint
	LANGUAGE sql STABLE AS $$
	SELECT x.availability FROM asset x WHERE x.asset_no = no $$;

CREATE OR REPLACE FUNCTION asset_sanitised(no text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM disposal_record d WHERE d.asset = no) $$;

CREATE OR REPLACE FUNCTION document_exists(at_institution text, of_kind text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM document d WHERE d.institution = at_institution
		AND d.kind = of_kind);
END $$;

-- 2.1(2)⑤: a deputy has only the powers that were named.
CREATE OR REPLACE FUNCTION deputy_may(who text, power text, at_institution text, day date)
	RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM role_assignment r WHERE r.person = who
		AND r.office = 'deputy_iso' AND r.institution = at_institution
		AND power = ANY (r.delegable_powers) AND office_in_force(r, day)) $$;
-- 3.2(2): a 情報システム管理者 says how far the area reaches, an 情報セキュリティ責任者 designates it;
-- both held their office on the day.  Before a 機関 has either, whoever stands at the machine may
-- enter its areas as they are.
CREATE OR REPLACE FUNCTION area_designated(at_institution text, identified_by text,
	designated_by text, designated_on date) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(has_office(identified_by, 'sysadmin', at_institution, designated_on)
		AND (has_office(designated_by, 'iso', at_institution, designated_on)
		OR deputy_may(designated_by, 'area_designation', at_institution, designated_on)),
		false)
		OR act_is_local() AND NOT EXISTS (SELECT FROM role_assignment r
			WHERE r.institution = at_institution
			AND r.office IN ('iso', 'sysadmin')) $$;

-- 2.1(2)⑫(b) knows no exception for who audits and is audited, nor may anybody decide without the
-- office for it.
CREATE OR REPLACE FUNCTION exception_barred(of_rule text) RETURNS boolean
	LANGUAGE sql IMMUTABLE AS $$
	SELECT of_rule IN ('AUD-01', 'ROLE-03') OR of_rule LIKE 'REQ-%' $$;
-- In which office is an exception granted?  That of the 機関CISO; handed on, that of the CISO.
CREATE OR REPLACE FUNCTION exception_office(office text, escalated boolean) RETURNS boolean
	LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(office = 'inst_ciso' OR office = 'ciso' AND escalated, false) $$;
-- 2.3(2)⑤: has the 機関CISO of that day permitted this exception, for this rule and object, from
-- this day on and for so long?  Nothing is excepted before it was permitted.  Once the permission
-- has ended, the row about it may still be completed, as long as
-- the exception has ended with it.
DROP FUNCTION IF EXISTS exception_permitted(text, text, text, text, text, date);
CREATE OR REPLACE FUNCTION exception_permitted(no text, at_institution text, for_rule text,
	of_asset text, of_medium text, of_unit text, since date, until date) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request r WHERE r.request_no = no
		AND r.request_type = 'exception' AND r.institution = at_institution
		AND r.rule = for_rule AND r.asset IS NOT DISTINCT FROM of_asset
		AND r.medium IS NOT DISTINCT FROM of_medium AND r.unit IS NOT DISTINCT FROM of_unit
		AND since >= greatest(r.valid_from, r.decided_at::date)
		AND (r.state IN ('approved', 'completed')
			OR r.state IN ('expired', 'revoked') AND until <= act_today())
		AND exception_office(r.decided_office, r.escalated)
		AND has_office(r.decided_by, r.decided_office, at_institution, r.decided_at::date)
		AND (r.valid_to IS NULL OR until <= r.valid_to)) $$;
-- Is there a later exception for the same?
CREATE OR REPLACE FUNCTION exception_renewed(for_rule text, of_asset text, of_medium text,
	of_unit text, until date) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM exception_grant x WHERE x.valid_to > until
		AND (x.asset = of_asset OR x.medium = of_medium OR x.unit = of_unit)
		AND x.rule = for_rule) $$;

-- 2.1(2)④(d): has the 機関 a list, and does everybody stand in it who holds one of the offices?
CREATE OR REPLACE FUNCTION contacts_complete(at_institution text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM emergency_contact c WHERE c.institution = at_institution
			AND c.list_kind = 'institution')
		AND NOT EXISTS (SELECT FROM role_assignment r WHERE r.institution = at_institution
			AND r.office IN ('inst_ciso', 'iso', 'csirt_leader', 'csirt_member', 'ism',
				'sysadmin')
			AND office_in_force(r, act_today())
			AND NOT EXISTS (SELECT FROM emergency_contact c
				WHERE c.institution = at_institution AND c.list_kind = 'institution'
				AND c.person = r.person)) $$;
