-- The ledgers, their parents, and what every table needs.
--
-- References are natural keys: a row read is a row understood, no join needed.  A reference below
-- a 機関 carries the 機関 with it, so that no row can point into another one.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE FUNCTION acting_person() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
	RETURN nullif(current_setting('daicho.person', true), '');

CREATE FUNCTION search_join(t text[]) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN array_to_string(t, '|');

-- Search: compared is a folded form (width, case, kana, dashes, variant kanji, no spaces).  Columns
-- are kept apart by '|', so that no match runs from one into the next.
--
-- A trigram index cannot find two characters.  With a letter that no folded text contains between
-- all characters, each pair of neighbours is one trigram, so two characters use the index too.
--
-- Not in SQL, and rare characters on their own: translate() compares each character with the whole
-- list, and this function takes a third of the time of an import.
CREATE FUNCTION search_key(parts text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT
	PARALLEL SAFE AS $$
DECLARE
	-- the collation of the columns is "C" for some, which knows no letters but ASCII
	t text := lower(normalize(array_to_string(parts, '|'), NFKC) COLLATE "default");
BEGIN
	t := translate(t, 'ー_ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔ'
		|| E' \t\n\r',
		'--ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴ');
	IF t ~ '[〜~‐‑‒–—―−髙﨑邊邉齋齊斎濵濱澤廣國眞嶋]' THEN
		t := translate(t, '〜~‐‑‒–—―−髙﨑邊邉齋齊斎濵濱澤廣國眞嶋',
			'---------高崎辺辺斉斉斉浜浜沢広国真島');
	END IF;
	RETURN array_to_string(string_to_array(t, NULL), 'X');
END $$;

-- The LIKE pattern of one search term.
CREATE FUNCTION search_like(term text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN '%' || replace(replace(replace(search_key(ARRAY[term]), '\', '\\'), '%', '\%'), '_', '\_') || '%';

-- 機関
CREATE TABLE institution (
	code text COLLATE "C" PRIMARY KEY,
	name_ja text NOT NULL,
	incident_desk_name text NOT NULL,
	incident_desk_contact text NOT NULL,
	external_desk_name text NOT NULL,
	external_desk_contact text NOT NULL,
	external_desk_url text,
	support_desk text,
	consult_desk text,
	min_log_days_other integer NOT NULL DEFAULT 30 CHECK (min_log_days_other BETWEEN 0 AND 100000),
	active boolean NOT NULL DEFAULT true,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			code, name_ja])) STORED
);

-- 部局・課室・研究グループ
CREATE TABLE org_unit (
	code text COLLATE "C" PRIMARY KEY,
	institution text NOT NULL,
	parent text,
	name_ja text NOT NULL,
	unit_kind text NOT NULL
		CHECK (unit_kind IN ('department', 'section', 'lab', 'hosted_lab')),
	desk_institution text,
	valid_from date NOT NULL,
	valid_to date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT org_unit_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT org_unit_parent_ref FOREIGN KEY (institution, parent) REFERENCES org_unit (institution, code),
	CONSTRAINT org_unit_desk_institution_ref FOREIGN KEY (desk_institution) REFERENCES institution (code),
	UNIQUE (institution, code),
	CONSTRAINT org_unit_code_prefix CHECK (code LIKE institution || '-%'),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			code, name_ja])) STORED
);

-- 役職員等・関係者
CREATE TABLE person (
	login text COLLATE "C" PRIMARY KEY,
	institution text NOT NULL,
	name_ja text NOT NULL,
	name_kana text,
	email text NOT NULL,
	phone text,
	unit text NOT NULL,
	person_kind text NOT NULL
		CHECK (person_kind IN ('officer', 'employee', 'joint_researcher', 'student', 'contractor')),
	active boolean NOT NULL DEFAULT true,
	left_on date,
	moved_on date,
	specialised_training_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT person_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT person_unit_ref FOREIGN KEY (institution, unit) REFERENCES org_unit (institution, code),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			login, name_ja, name_kana, email, phone])) STORED
);

-- 区域（要管理対策区域）
CREATE TABLE area (
	code text COLLATE "C" PRIMARY KEY,
	institution text NOT NULL,
	name_ja text NOT NULL,
	building text NOT NULL,
	room text,
	is_controlled boolean NOT NULL,
	identified_by text,
	designated_by text,
	designated_on date,
	leased boolean,
	entry_control text
		CHECK (entry_control IN ('none', 'key', 'card', 'biometric', 'manned')),
	lockable_storage boolean,
	revoked_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT area_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT area_identified_by_ref FOREIGN KEY (identified_by) REFERENCES person (login),
	CONSTRAINT area_designated_by_ref FOREIGN KEY (designated_by) REFERENCES person (login),
	UNIQUE (institution, code),
	CONSTRAINT area_code_prefix CHECK (code LIKE institution || '-%'),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			code, name_ja, building, room])) STORED
);

-- 役割の任命・指名
CREATE SEQUENCE role_assignment_no;
CREATE TABLE role_assignment (
	office_no text COLLATE "C" PRIMARY KEY DEFAULT 'O' || lpad(nextval('role_assignment_no')::text, 8, '0'),
	person text NOT NULL,
	office text NOT NULL
		CHECK (office IN ('ciso', 'general_iso', 'inst_ciso', 'iso', 'deputy_iso', 'ism', 'sysadmin', 'important_admin', 'operator', 'qualification_checker', 'csirt_member', 'csirt_leader', 'general_csirt_leader', 'committee_member', 'inst_committee_member', 'audit_chief', 'auditor', 'advisor', 'incident_desk', 'external_desk', 'corporate_desk', 'research_lead', 'zta_lead', 'staff', 'registry_admin')),
	institution text,
	unit text,
	scope_note text,
	delegable_powers text[],
	term_from date NOT NULL,
	term_to date,
	appointed_by text NOT NULL,
	appointment_request text,
	basis_note text,
	revoked_on date,
	revoke_reason text,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT role_assignment_person_ref FOREIGN KEY (person) REFERENCES person (login),
	CONSTRAINT role_assignment_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT role_assignment_unit_ref FOREIGN KEY (institution, unit) REFERENCES org_unit (institution, code),
	CONSTRAINT role_assignment_appointed_by_ref FOREIGN KEY (appointed_by) REFERENCES person (login)
);

-- 情報資産台帳
CREATE SEQUENCE asset_no;
CREATE TABLE asset (
	asset_no text COLLATE "C" PRIMARY KEY DEFAULT 'A' || lpad(nextval('asset_no')::text, 8, '0'),
	institution text NOT NULL,
	unit text,
	name text,
	asset_type text
		CHECK (asset_type IN ('information_system', 'terminal', 'server', 'nas', 'mfp', 'special_device', 'network', 'network_device', 'wireless_lan', 'cloud_service', 'application', 'infra_software', 'social_media', 'facility', 'system_document')),
	functions text[]
		CHECK (functions <@ ARRAY['mail', 'web', 'dns_content', 'dns_cache', 'database', 'file', 'auth', 'log', 'backup', 'gateway', 'vpn', 'virtualization', 'compute', 'experiment', 'other']),
	parent_asset text,
	location_area text,
	location_text text,
	embodiment text
		CHECK (embodiment IN ('physical', 'virtual', 'iaas', 'service')),
	portable boolean,
	provision text
		CHECK (provision IN ('issued', 'non_issued', 'external_service')),
	non_issued_request text,
	maker text,
	model text,
	serial_no text,
	hostname text[],
	ip_addrs text[],
	mac_addrs text[],
	os_name text,
	os_version text,
	os_support_until date,
	info_description text,
	confidentiality smallint CHECK (confidentiality BETWEEN 1 AND 4),
	confidentiality_basis text
		CHECK (confidentiality_basis IN ('c4_national_security', 'c4_my_number', 'c3_personal', 'c3_management', 'c3_government', 'c3_unpublished', 'c2_internal', 'c2_harm', 'c2_research', 'c2_personal_consented', 'c1_published', 'c1_publishable')),
	integrity smallint CHECK (integrity BETWEEN 1 AND 4),
	availability smallint CHECK (availability BETWEEN 1 AND 4),
	rating_status text NOT NULL DEFAULT 'provisional'
		CHECK (rating_status IN ('provisional', 'confirmed')),
	rating_by text,
	rating_on date,
	handling_restrictions text[]
		CHECK (handling_restrictions <@ ARRAY['no_copy', 'minimal_copy', 'designated_place', 'isolated_only', 'org_terminal_only', 'locked_storage', 'limited_storage', 'encrypt_transfer', 'irrecoverable_disposal', 'trusted_network']),
	designated_place text,
	has_personal_info boolean,
	has_my_number boolean,
	personal_info_consent boolean,
	personal_info_published boolean,
	personal_count_band text
		CHECK (personal_count_band IN ('lt100', 'lt1000', 'ge1000', 'unknown')),
	internal_media_encryption text
		CHECK (internal_media_encryption IN ('full', 'file', 'partial', 'provider', 'none', 'no_media', 'unknown')),
	encryption_method text,
	encryption_cryptrec text
		CHECK (encryption_cryptrec IN ('yes', 'no', 'unknown')),
	key_custodian text,
	key_backup boolean,
	users_text text,
	sysadmin text,
	operator text,
	net_zone text
		CHECK (net_zone IN ('standalone', 'isolated', 'internal', 'dmz', 'external', 'cloud')),
	external_public boolean,
	internet_inbound boolean,
	leak_prevention text,
	transport_encryption text
		CHECK (transport_encryption IN ('tls13', 'tls12', 'tls_old', 'vpn', 'ssh', 'none', 'not_applicable')),
	access_restricted boolean,
	physical_protection text,
	remote_access text
		CHECK (remote_access IN ('none', 'user', 'maintenance', 'both')),
	remote_auth text
		CHECK (remote_auth IN ('mfa', 'biometric', 'password', 'none')),
	ipv6_mode text
		CHECK (ipv6_mode IN ('disabled', 'designed', 'unmanaged', 'not_applicable')),
	important_manual boolean,
	important_manual_reason text,
	important_state text NOT NULL DEFAULT 'not_applicable'
		CHECK (important_state IN ('not_applicable', 'pending', 'permitted', 'suspended', 'revoked')),
	important_permit_request text,
	important_admin text,
	auth_method text
		CHECK (auth_method IN ('mfa', 'certificate', 'password', 'none', 'not_applicable')),
	access_reviewed_on date,
	admin_priv_measure text,
	log_enabled boolean,
	log_items_traceable boolean,
	log_retention_days integer CHECK (log_retention_days BETWEEN 0 AND 36500),
	log_related_to_important boolean,
	log_failure_procedure text,
	monitoring text,
	monitoring_reviewed_on date,
	malware_protection text
		CHECK (malware_protection IN ('installed', 'alternative', 'none', 'not_applicable')),
	vuln_checked_on date,
	vuln_state text
		CHECK (vuln_state IN ('ok', 'planned', 'open', 'unknown')),
	vuln_plan text,
	software_reviewed_on date,
	config_checked_on date,
	allowed_peripherals text,
	backup_method text,
	backup_last_on date,
	backup_location text,
	backup_retention_days integer CHECK (backup_retention_days BETWEEN 0 AND 36500),
	backup_confidentiality smallint CHECK (backup_confidentiality BETWEEN 1 AND 4),
	restore_tested_on date,
	redundancy text
		CHECK (redundancy IN ('redundant', 'alternative', 'none')),
	dos_measure text,
	dos_monitored boolean,
	bcp_reflected boolean,
	esign text
		CHECK (esign IN ('provided', 'not_needed', 'none', 'unknown')),
	bcp_critical boolean,
	security_requirements text,
	contract text,
	supply_chain_checked boolean,
	dynamic_access_control boolean,
	nas_per_user_auth boolean,
	nas_least_privilege boolean,
	nas_anonymous_access boolean,
	nas_data_encrypted boolean,
	nas_key_storage text,
	nas_access_log_days integer CHECK (nas_access_log_days BETWEEN 0 AND 36500),
	nas_log_tamper_proof boolean,
	nas_firmware_updated_on date,
	nas_unneeded_services_off boolean,
	cloud_provider text,
	cloud_service_model text
		CHECK (cloud_service_model IN ('iaas', 'paas', 'saas')),
	cloud_ismap text
		CHECK (cloud_ismap IN ('ismap', 'ismap_liu', 'not_listed', 'unknown')),
	cloud_ismap_checked_on date,
	cloud_approval_request text,
	cloud_risk_and_measures text,
	cloud_core_service boolean,
	cloud_external_share boolean,
	cloud_share_limited boolean,
	cloud_share_ended_on date,
	cloud_access_reviewed_on date,
	cloud_ended_on date,
	state text NOT NULL DEFAULT 'draft'
		CHECK (state IN ('draft', 'planned', 'in_operation', 'suspended', 'retired', 'sanitised', 'disposed', 'transferred', 'lost')),
	adopted boolean NOT NULL DEFAULT false,
	operation_started_on date,
	retired_on date,
	last_inventory_on date,
	note text,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT asset_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT asset_unit_ref FOREIGN KEY (institution, unit) REFERENCES org_unit (institution, code),
	CONSTRAINT asset_parent_asset_ref FOREIGN KEY (institution, parent_asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT asset_location_area_ref FOREIGN KEY (institution, location_area) REFERENCES area (institution, code),
	CONSTRAINT asset_rating_by_ref FOREIGN KEY (rating_by) REFERENCES person (login),
	CONSTRAINT asset_key_custodian_ref FOREIGN KEY (key_custodian) REFERENCES person (login),
	CONSTRAINT asset_sysadmin_ref FOREIGN KEY (sysadmin) REFERENCES person (login),
	CONSTRAINT asset_operator_ref FOREIGN KEY (operator) REFERENCES person (login),
	CONSTRAINT asset_important_admin_ref FOREIGN KEY (important_admin) REFERENCES person (login),
	UNIQUE (institution, asset_no),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			asset_no, name, location_text, maker, model, serial_no,
			search_join(hostname), search_join(ip_addrs), search_join(mac_addrs),
			os_name, os_version, info_description, users_text, sysadmin, operator, note])) STORED
);

-- 使用者（個人・グループ）
CREATE SEQUENCE asset_user_no;
CREATE TABLE asset_user (
	user_no text COLLATE "C" PRIMARY KEY DEFAULT 'U' || lpad(nextval('asset_user_no')::text, 8, '0'),
	institution text NOT NULL,
	asset text NOT NULL,
	person text,
	group_name text,
	is_primary boolean,
	until_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT asset_user_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT asset_user_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT asset_user_person_ref FOREIGN KEY (person) REFERENCES person (login)
);

-- 外部電磁的記録媒体管理台帳
CREATE SEQUENCE external_media_no;
CREATE TABLE external_media (
	media_no text COLLATE "C" PRIMARY KEY DEFAULT 'M' || lpad(nextval('external_media_no')::text, 8, '0'),
	institution text NOT NULL,
	unit text,
	name text,
	media_kind text
		CHECK (media_kind IN ('usb_memory', 'portable_disk', 'removed_disk', 'optical', 'tape', 'card', 'other')),
	serial_no text,
	info_description text,
	confidentiality smallint CHECK (confidentiality BETWEEN 1 AND 4),
	rating_status text NOT NULL DEFAULT 'provisional'
		CHECK (rating_status IN ('provisional', 'confirmed')),
	has_personal_info boolean,
	has_my_number boolean,
	personal_info_consent boolean,
	personal_info_published boolean,
	users_text text,
	custodian text,
	sysadmin text,
	provision text
		CHECK (provision IN ('issued', 'non_issued')),
	non_issued_request text,
	encryption text
		CHECK (encryption IN ('hardware', 'software', 'file', 'none')),
	storage_area text,
	storage_locked boolean,
	used_for_transport boolean,
	backup_of_asset text,
	removed_from_asset text,
	holds_log boolean,
	log_integrity_measure text,
	state text NOT NULL DEFAULT 'draft'
		CHECK (state IN ('draft', 'stored', 'in_use', 'taken_out', 'lost', 'retired', 'sanitised', 'disposed')),
	last_checked_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT external_media_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT external_media_unit_ref FOREIGN KEY (institution, unit) REFERENCES org_unit (institution, code),
	CONSTRAINT external_media_custodian_ref FOREIGN KEY (custodian) REFERENCES person (login),
	CONSTRAINT external_media_sysadmin_ref FOREIGN KEY (sysadmin) REFERENCES person (login),
	CONSTRAINT external_media_storage_area_ref FOREIGN KEY (institution, storage_area) REFERENCES area (institution, code),
	CONSTRAINT external_media_backup_of_asset_ref FOREIGN KEY (institution, backup_of_asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT external_media_removed_from_asset_ref FOREIGN KEY (institution, removed_from_asset) REFERENCES asset (institution, asset_no),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			media_no, name, serial_no, info_description, users_text, custodian, sysadmin])) STORED
);

-- Search, and the keys that an import matches by.
CREATE INDEX person_search ON person USING gin (search gin_trgm_ops);
CREATE INDEX asset_search ON asset USING gin (search gin_trgm_ops);
CREATE INDEX external_media_search ON external_media USING gin (search gin_trgm_ops);
CREATE INDEX asset_unit ON asset (institution, unit);
CREATE INDEX asset_sysadmin ON asset (sysadmin);
CREATE INDEX asset_serial_no ON asset (serial_no) WHERE serial_no IS NOT NULL;
CREATE INDEX asset_name ON asset (name) WHERE name IS NOT NULL;
CREATE INDEX asset_hostname ON asset USING gin (hostname);
CREATE INDEX asset_user_asset ON asset_user (asset);
CREATE INDEX external_media_institution ON external_media (institution, media_no);
CREATE INDEX external_media_serial_no ON external_media (serial_no) WHERE serial_no IS NOT NULL;
CREATE INDEX external_media_name ON external_media (name) WHERE name IS NOT NULL;
CREATE INDEX role_assignment_person ON role_assignment (person);
