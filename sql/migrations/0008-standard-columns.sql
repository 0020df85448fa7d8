-- The ledgers to the letter of the standard: kind-specific sheets of an asset, and what rules ask
-- about beside the two ledgers: contracts, documents, connections, permits, disposals, movements.
ALTER TABLE external_media ADD UNIQUE (institution, media_no);

-- What follows from other columns is never typed.  サーバ装置 of 別紙: what keeps a service of its
-- own, NAS and IaaS included.
CREATE FUNCTION asset_is_server(asset_type text, embodiment text, cloud_service_model text)
	RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(asset_type IN ('server', 'nas') OR (asset_type = 'cloud_service' AND
		cloud_service_model = 'iaas') OR (asset_type = 'application' AND embodiment = 'iaas'),
		false);
-- 重要サーバ, 2.1(2)②(d): published, or of 機密性3以上, or designated.
CREATE FUNCTION asset_is_important(asset_type text, embodiment text, cloud_service_model text,
	external_public boolean, confidentiality smallint, important_manual boolean)
	RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN asset_is_server(asset_type, embodiment, cloud_service_model) AND
		coalesce(external_public OR confidentiality >= 3 OR important_manual, false);

-- 業務委託・保守契約
CREATE SEQUENCE contract_no;
CREATE TABLE contract (
	contract_no text COLLATE "C" PRIMARY KEY DEFAULT 'C' || lpad(nextval('contract_no')::text, 8, '0'),
	institution text NOT NULL,
	title text NOT NULL,
	contractor text NOT NULL,
	kind text NOT NULL
		CHECK (kind IN ('development', 'operation', 'support', 'pm', 'research', 'website', 'maintenance', 'cloud')),
	confidentiality smallint NOT NULL CHECK (confidentiality BETWEEN 1 AND 4),
	selection_criteria boolean,
	nda boolean,
	supply_chain_checked boolean,
	incident_plan_heard_on date,
	last_check_on date,
	starts_on date NOT NULL,
	ends_on date NOT NULL,
	closing_check_on date,
	info_returned text
		CHECK (info_returned IN ('returned', 'erased', 'disposed', 'not_yet')),
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT contract_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT contract_ends_on_order CHECK (ends_on >= starts_on),
	UNIQUE (institution, contract_no),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			contract_no, title, contractor])) STORED
);

-- マニュアル・実施手順等
CREATE SEQUENCE document_no;
CREATE TABLE document (
	document_no text COLLATE "C" PRIMARY KEY DEFAULT 'D' || lpad(nextval('document_no')::text, 8, '0'),
	institution text NOT NULL,
	unit text,
	asset text,
	kind text NOT NULL
		CHECK (kind IN ('procedure', 'c3_manual', 'media_manual', 'system_manual', 'telework', 'incident_report', 'log_manual', 'netdev_procedure', 'infra_level', 'infra_incident', 'crypto', 'cloud_manual', 'sns_procedure', 'zta_policy', 'iot_guideline', 'bcp', 'other')),
	title text NOT NULL,
	url text NOT NULL,
	owner text NOT NULL,
	reviewed_on date NOT NULL,
	announced_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT document_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT document_unit_ref FOREIGN KEY (institution, unit) REFERENCES org_unit (institution, code),
	CONSTRAINT document_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT document_owner_ref FOREIGN KEY (owner) REFERENCES person (login),
	CONSTRAINT document_unit_given CHECK (kind <> 'c3_manual' OR unit IS NOT NULL),
	UNIQUE (institution, document_no),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			document_no, title, url])) STORED
);

-- 緊急連絡網
CREATE SEQUENCE emergency_contact_no;
CREATE TABLE emergency_contact (
	contact_no text COLLATE "C" PRIMARY KEY DEFAULT 'E' || lpad(nextval('emergency_contact_no')::text, 8, '0'),
	institution text,
	list_kind text NOT NULL
		CHECK (list_kind IN ('corporate', 'institution', 'critical_system', 'server_vendor')),
	asset text,
	contact_order integer NOT NULL CHECK (contact_order BETWEEN 1 AND 1000),
	office text,
	person text,
	outside_name text,
	phone text NOT NULL,
	email text,
	means text NOT NULL,
	content text,
	confirmed_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT emergency_contact_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT emergency_contact_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT emergency_contact_person_ref FOREIGN KEY (person) REFERENCES person (login),
	CONSTRAINT emergency_contact_institution_given CHECK ((institution IS NULL) = (list_kind = 'corporate')),
	CONSTRAINT emergency_contact_asset_given CHECK ((asset IS NOT NULL) = (list_kind IN ('critical_system', 'server_vendor'))),
	CONSTRAINT emergency_contact_person_or_outside CHECK (num_nonnulls(person, outside_name) = 1),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			contact_no, outside_name, phone, email])) STORED
);

-- ネットワーク接続許可
CREATE SEQUENCE network_connection_no;
CREATE TABLE network_connection (
	connection_no text COLLATE "C" PRIMARY KEY DEFAULT 'N' || lpad(nextval('network_connection_no')::text, 8, '0'),
	institution text NOT NULL,
	asset text NOT NULL,
	network text NOT NULL,
	request text,
	permitted_by text NOT NULL,
	permitted_on date NOT NULL,
	valid_to date,
	ended_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT network_connection_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT network_connection_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT network_connection_network_ref FOREIGN KEY (institution, network) REFERENCES asset (institution, asset_no),
	CONSTRAINT network_connection_permitted_by_ref FOREIGN KEY (permitted_by) REFERENCES person (login),
	CONSTRAINT network_connection_valid_to_order CHECK (valid_to >= permitted_on),
	CONSTRAINT network_connection_network_other CHECK (network <> asset),
	UNIQUE (institution, connection_no)
);

-- 利用を認めるソフトウェア
CREATE SEQUENCE software_allowlist_no;
CREATE TABLE software_allowlist (
	allow_no text COLLATE "C" PRIMARY KEY DEFAULT 'L' || lpad(nextval('software_allowlist_no')::text, 8, '0'),
	institution text NOT NULL,
	asset text,
	target text NOT NULL
		CHECK (target IN ('terminal', 'server', 'both')),
	software_name text NOT NULL,
	version_policy text,
	approved_by text NOT NULL,
	request text,
	reviewed_on date NOT NULL,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT software_allowlist_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT software_allowlist_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT software_allowlist_approved_by_ref FOREIGN KEY (approved_by) REFERENCES person (login),
	UNIQUE (institution, allow_no),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			allow_no, software_name])) STORED
);

-- 導入ソフトウェア
CREATE SEQUENCE asset_software_no;
CREATE TABLE asset_software (
	software_no text COLLATE "C" PRIMARY KEY DEFAULT 'S' || lpad(nextval('asset_software_no')::text, 8, '0'),
	institution text NOT NULL,
	asset text NOT NULL,
	software_name text NOT NULL,
	version text,
	installed_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT asset_software_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT asset_software_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	UNIQUE (institution, software_no),
	search text COLLATE "C" GENERATED ALWAYS AS (search_key(ARRAY[
			software_no, software_name, version])) STORED
);

-- 申請
CREATE SEQUENCE request_no;
CREATE TABLE request (
	request_no text COLLATE "C" PRIMARY KEY DEFAULT 'R' || lpad(nextval('request_no')::text, 8, '0'),
	request_type text NOT NULL
		CHECK (request_type IN ('appoint_sysadmin', 'qualification', 'appoint_important_admin', 'important_new', 'important_convert', 'important_software', 'important_release', 'handover', 'rating_review', 'c4_offsite_work', 'media_takeout', 'non_issued_media', 'non_issued_terminal', 'network_connection', 'software_use', 'cloud_use', 'social_media', 'provide_outside', 'send_share', 'c4_handling', 'mail_auth_exemption', 'log_period', 'area_designation', 'exception', 'deputy_iso', 'recheck', 'csirt_audit', 'disposal', 'transfer')),
	institution text NOT NULL,
	applicant text NOT NULL,
	applicant_office text,
	asset text,
	medium text,
	subject_person text,
	rule text,
	reason text,
	performed_by_contractor boolean,
	state text NOT NULL DEFAULT 'draft'
		CHECK (state IN ('draft', 'submitted', 'returned', 'reviewing', 'approved', 'rejected', 'withdrawn', 'expired', 'revoked', 'completed')),
	approver_office text,
	due_on date,
	submitted_at timestamptz,
	decided_by text,
	decided_office text,
	decided_at timestamptz,
	decision_reason text,
	conditions text,
	valid_from date,
	valid_to date,
	same_person_exception boolean,
	same_person_reason text,
	same_person_confirmed_by text,
	reported_upward_at timestamptz,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT request_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT request_applicant_ref FOREIGN KEY (applicant) REFERENCES person (login),
	CONSTRAINT request_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT request_medium_ref FOREIGN KEY (institution, medium) REFERENCES external_media (institution, media_no),
	CONSTRAINT request_subject_person_ref FOREIGN KEY (subject_person) REFERENCES person (login),
	CONSTRAINT request_decided_by_ref FOREIGN KEY (decided_by) REFERENCES person (login),
	CONSTRAINT request_same_person_confirmed_by_ref FOREIGN KEY (same_person_confirmed_by) REFERENCES person (login),
	UNIQUE (institution, request_no)
);

-- 例外措置
CREATE SEQUENCE exception_grant_no;
CREATE TABLE exception_grant (
	exception_no text COLLATE "C" PRIMARY KEY DEFAULT 'X' || lpad(nextval('exception_grant_no')::text, 8, '0'),
	institution text NOT NULL,
	request text NOT NULL,
	rule text NOT NULL,
	asset text,
	medium text,
	unit text,
	alternative text NOT NULL,
	valid_from date NOT NULL,
	valid_to date NOT NULL,
	reported_to_ciso_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT exception_grant_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT exception_grant_request_ref FOREIGN KEY (institution, request) REFERENCES request (institution, request_no),
	CONSTRAINT exception_grant_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT exception_grant_medium_ref FOREIGN KEY (institution, medium) REFERENCES external_media (institution, media_no),
	CONSTRAINT exception_grant_unit_ref FOREIGN KEY (institution, unit) REFERENCES org_unit (institution, code),
	CONSTRAINT exception_grant_valid_to_order CHECK (valid_to >= valid_from),
	CONSTRAINT exception_grant_asset_or_other CHECK (num_nonnulls(asset, medium, unit) = 1),
	UNIQUE (institution, exception_no)
);

-- 抹消・廃棄記録
CREATE SEQUENCE disposal_record_no;
CREATE TABLE disposal_record (
	disposal_no text COLLATE "C" PRIMARY KEY DEFAULT 'G' || lpad(nextval('disposal_record_no')::text, 8, '0'),
	institution text NOT NULL,
	asset text,
	medium text,
	method text NOT NULL
		CHECK (method IN ('overwrite', 'crypto_erase', 'secure_erase', 'degauss', 'destroy', 'provider')),
	sanitised_on date NOT NULL,
	sanitised_by text NOT NULL,
	witness text,
	confirmed_by text NOT NULL,
	certificate_name text,
	certificate_sha256 text CHECK (certificate_sha256 ~ '^[0-9a-f]{64}$'),
	certificate_keep_until date,
	reuse text,
	disposed_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT disposal_record_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT disposal_record_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT disposal_record_medium_ref FOREIGN KEY (institution, medium) REFERENCES external_media (institution, media_no),
	CONSTRAINT disposal_record_confirmed_by_ref FOREIGN KEY (confirmed_by) REFERENCES person (login),
	CONSTRAINT disposal_record_asset_or_medium CHECK (num_nonnulls(asset, medium) = 1),
	UNIQUE (institution, disposal_no)
);

-- 持出・貸出・運搬記録
CREATE SEQUENCE media_movement_no;
CREATE TABLE media_movement (
	movement_no text COLLATE "C" PRIMARY KEY DEFAULT 'T' || lpad(nextval('media_movement_no')::text, 8, '0'),
	institution text NOT NULL,
	medium text,
	asset text,
	kind text NOT NULL
		CHECK (kind IN ('take_out', 'lend', 'transport', 'provide')),
	person text NOT NULL,
	destination text NOT NULL,
	purpose text NOT NULL,
	confidentiality smallint NOT NULL CHECK (confidentiality BETWEEN 1 AND 4),
	encrypted boolean NOT NULL,
	safety_measures text,
	request text,
	after_the_fact boolean NOT NULL DEFAULT false,
	out_at timestamptz NOT NULL,
	due_at timestamptz NOT NULL,
	returned_at timestamptz,
	erased_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT media_movement_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT media_movement_medium_ref FOREIGN KEY (institution, medium) REFERENCES external_media (institution, media_no),
	CONSTRAINT media_movement_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	CONSTRAINT media_movement_person_ref FOREIGN KEY (person) REFERENCES person (login),
	CONSTRAINT media_movement_asset_or_medium CHECK (num_nonnulls(asset, medium) = 1),
	CONSTRAINT media_movement_due_at_order CHECK (due_at >= out_at),
	UNIQUE (institution, movement_no)
);

-- Sheets of one kind of asset, and what an incident asks for.
ALTER TABLE asset
	ADD mail_relay_blocked boolean,
	ADD mail_client_auth boolean,
	ADD mail_spf boolean,
	ADD mail_dkim boolean,
	ADD mail_dmarc boolean,
	ADD mail_auth_exemption_request text,
	ADD mail_server_tls boolean,
	ADD web_fqdn text[],
	ADD web_uses_org_domain boolean,
	ADD web_https_all boolean,
	ADD web_cert_expires_on date,
	ADD web_editors_limited boolean,
	ADD web_single_purpose boolean,
	ADD web_leak_measure boolean,
	ADD web_tamper_detection boolean,
	ADD web_webapp boolean,
	ADD web_webapp_vuln_checked_on date,
	ADD web_spoof_site_measure boolean,
	ADD dns_name_resolution_redundant boolean,
	ADD dns_cache_response_measure boolean,
	ADD dns_internal_zone boolean,
	ADD dns_internal_zone_protected boolean,
	ADD dns_multi_server_consistent boolean,
	ADD dns_zone_checked_on date,
	ADD db_dbms text,
	ADD db_admin_accounts_managed boolean,
	ADD db_access_attributable boolean,
	ADD db_misuse_detection boolean,
	ADD db_vuln_measure boolean,
	ADD db_data_encrypted boolean,
	ADD mfp_requirements_set boolean,
	ADD mfp_settings_checked_on date,
	ADD mfp_has_storage boolean,
	ADD special_device_kind text CHECK (special_device_kind IN ('tv_conference', 'ip_phone', 'camera', 'entry_control', 'facility', 'environment', 'experiment', 'other')),
	ADD special_internet_capable boolean,
	ADD special_threat_exists text CHECK (special_threat_exists IN ('yes', 'no', 'not_assessed')),
	ADD special_jcstar_level smallint CHECK (special_jcstar_level BETWEEN 0 AND 4),
	ADD special_selection_basis text,
	ADD special_segregated boolean,
	ADD network_line_kind text,
	ADD network_cidrs text[],
	ADD network_max_confidentiality smallint CHECK (network_max_confidentiality BETWEEN 1 AND 4),
	ADD network_access_control boolean,
	ADD network_connection_check text,
	ADD network_continuity_measure text,
	ADD network_external_connection boolean,
	ADD network_external_measure text,
	ADD network_intrusion_monitoring boolean,
	ADD network_carrier_sla_agreed boolean,
	ADD network_rules_reviewed_on date,
	ADD network_monitoring_reviewed_on date,
	ADD network_remote_maint_reviewed_on date,
	ADD netdev_is_gateway boolean,
	ADD netdev_procedure_document text,
	ADD netdev_change_log_kept boolean,
	ADD netdev_config_backup_on date,
	ADD netdev_software_checked_on date,
	ADD wlan_ssid text,
	ADD wlan_encryption text CHECK (wlan_encryption IN ('wpa3', 'wpa3_transition', 'wpa2', 'wpa', 'wep', 'open')),
	ADD wlan_wpa2_reason text,
	ADD wlan_auth text CHECK (wlan_auth IN ('dot1x', 'psk', 'portal', 'none')),
	ADD wlan_access_log_monitored boolean,
	ADD sns_service_name text,
	ADD sns_account_name text,
	ADD sns_operating_unit_shown boolean,
	ADD sns_procedure_document text,
	ADD sns_permit_request text,
	ADD sns_mirror_url text,
	ADD infra_protection text,
	ADD infra_level_procedure text,
	ADD infra_incident_procedure text,
	ADD infra_detection_measure text,
	ADD cloud_trusted boolean,
	ADD emergency_stop text CHECK (emergency_stop IN ('allowed', 'consult', 'forbidden')),
	ADD emergency_contact text,
	ADD rating_proposed_by text,
	ADD important_due_on date,
	ADD important_required boolean GENERATED ALWAYS AS (asset_is_important(asset_type,
		embodiment, cloud_service_model, external_public, confidentiality, important_manual))
		STORED,
	ADD CONSTRAINT asset_netdev_procedure_document_ref FOREIGN KEY (institution, netdev_procedure_document) REFERENCES document (institution, document_no),
	ADD CONSTRAINT asset_sns_procedure_document_ref FOREIGN KEY (institution, sns_procedure_document) REFERENCES document (institution, document_no),
	ADD CONSTRAINT asset_infra_level_procedure_ref FOREIGN KEY (institution, infra_level_procedure) REFERENCES document (institution, document_no),
	ADD CONSTRAINT asset_infra_incident_procedure_ref FOREIGN KEY (institution, infra_incident_procedure) REFERENCES document (institution, document_no),
	ADD CONSTRAINT asset_rating_proposed_by_ref FOREIGN KEY (rating_proposed_by) REFERENCES person (login);
ALTER TABLE asset_staging
	ADD mail_relay_blocked boolean,
	ADD mail_client_auth boolean,
	ADD mail_spf boolean,
	ADD mail_dkim boolean,
	ADD mail_dmarc boolean,
	ADD mail_auth_exemption_request text,
	ADD mail_server_tls boolean,
	ADD web_fqdn text[],
	ADD web_uses_org_domain boolean,
	ADD web_https_all boolean,
	ADD web_cert_expires_on date,
	ADD web_editors_limited boolean,
	ADD web_single_purpose boolean,
	ADD web_leak_measure boolean,
	ADD web_tamper_detection boolean,
	ADD web_webapp boolean,
	ADD web_webapp_vuln_checked_on date,
	ADD web_spoof_site_measure boolean,
	ADD dns_name_resolution_redundant boolean,
	ADD dns_cache_response_measure boolean,
	ADD dns_internal_zone boolean,
	ADD dns_internal_zone_protected boolean,
	ADD dns_multi_server_consistent boolean,
	ADD dns_zone_checked_on date,
	ADD db_dbms text,
	ADD db_admin_accounts_managed boolean,
	ADD db_access_attributable boolean,
	ADD db_misuse_detection boolean,
	ADD db_vuln_measure boolean,
	ADD db_data_encrypted boolean,
	ADD mfp_requirements_set boolean,
	ADD mfp_settings_checked_on date,
	ADD mfp_has_storage boolean,
	ADD special_device_kind text,
	ADD special_internet_capable boolean,
	ADD special_threat_exists text,
	ADD special_jcstar_level smallint,
	ADD special_selection_basis text,
	ADD special_segregated boolean,
	ADD network_line_kind text,
	ADD network_cidrs text[],
	ADD network_max_confidentiality smallint,
	ADD network_access_control boolean,
	ADD network_connection_check text,
	ADD network_continuity_measure text,
	ADD network_external_connection boolean,
	ADD network_external_measure text,
	ADD network_intrusion_monitoring boolean,
	ADD network_carrier_sla_agreed boolean,
	ADD network_rules_reviewed_on date,
	ADD network_monitoring_reviewed_on date,
	ADD network_remote_maint_reviewed_on date,
	ADD netdev_is_gateway boolean,
	ADD netdev_procedure_document text,
	ADD netdev_change_log_kept boolean,
	ADD netdev_config_backup_on date,
	ADD netdev_software_checked_on date,
	ADD wlan_ssid text,
	ADD wlan_encryption text,
	ADD wlan_wpa2_reason text,
	ADD wlan_auth text,
	ADD wlan_access_log_monitored boolean,
	ADD sns_service_name text,
	ADD sns_account_name text,
	ADD sns_operating_unit_shown boolean,
	ADD sns_procedure_document text,
	ADD sns_permit_request text,
	ADD sns_mirror_url text,
	ADD infra_protection text,
	ADD infra_level_procedure text,
	ADD infra_incident_procedure text,
	ADD infra_detection_measure text,
	ADD cloud_trusted boolean,
	ADD emergency_stop text,
	ADD emergency_contact text,
	ADD rating_proposed_by text,
	ADD important_due_on date,
	ADD important_required boolean;

-- What was free text is a row of the register of contracts from here on.
UPDATE asset SET note = concat_ws(E'\n', note, '業務委託・保守契約: ' || contract), contract = NULL
	WHERE contract IS NOT NULL;
ALTER TABLE asset ADD CONSTRAINT asset_contract_ref FOREIGN KEY (institution, contract)
	REFERENCES contract (institution, contract_no);

-- システム構成カタログ, 2.1(2)⑧(e)
CREATE TABLE system_catalogue (
	catalogue_no text COLLATE "C" PRIMARY KEY,
	institution text NOT NULL,
	asset text NOT NULL,
	version_no integer NOT NULL,
	status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'submitted', 'superseded')),
	submitted_by text REFERENCES person (login),
	submitted_at timestamptz,
	csirt_visible_at timestamptz,
	CONSTRAINT system_catalogue_asset_ref FOREIGN KEY (institution, asset) REFERENCES asset (institution, asset_no),
	UNIQUE (asset, version_no)
);
CREATE TABLE catalogue_software (
	catalogue text NOT NULL REFERENCES system_catalogue (catalogue_no),
	software_name text NOT NULL,
	version text NOT NULL,
	permitted_request text REFERENCES request (request_no),
	PRIMARY KEY (catalogue, software_name, version)
);

-- Within how many days a finding is to be mended: the name of a policy value.
ALTER TABLE rule ADD due text;

-- The look-ups of rules and policies.
CREATE INDEX document_kind ON document (institution, kind);
CREATE INDEX document_asset ON document (asset) WHERE asset IS NOT NULL;
CREATE INDEX emergency_contact_asset ON emergency_contact (asset) WHERE asset IS NOT NULL;
CREATE INDEX network_connection_asset ON network_connection (asset);
CREATE INDEX network_connection_network ON network_connection (network);
CREATE INDEX software_allowlist_name ON software_allowlist (institution, software_name);
CREATE INDEX asset_software_asset ON asset_software (asset);
CREATE INDEX asset_software_name ON asset_software (software_name);
CREATE INDEX request_asset ON request (asset) WHERE asset IS NOT NULL;
CREATE INDEX request_medium ON request (medium) WHERE medium IS NOT NULL;
CREATE INDEX exception_grant_asset ON exception_grant (asset) WHERE asset IS NOT NULL;
CREATE INDEX exception_grant_medium ON exception_grant (medium) WHERE medium IS NOT NULL;
CREATE INDEX exception_grant_unit ON exception_grant (unit) WHERE unit IS NOT NULL;
CREATE INDEX disposal_record_asset ON disposal_record (asset) WHERE asset IS NOT NULL;
CREATE INDEX disposal_record_medium ON disposal_record (medium) WHERE medium IS NOT NULL;
CREATE INDEX media_movement_medium ON media_movement (medium) WHERE medium IS NOT NULL;
CREATE INDEX media_movement_asset ON media_movement (asset) WHERE asset IS NOT NULL;
CREATE INDEX asset_parent ON asset (parent_asset) WHERE parent_asset IS NOT NULL;

-- Waiting rooms, as in 0003.
CREATE UNLOGGED TABLE contract_staging (LIKE contract);
CREATE UNLOGGED TABLE document_staging (LIKE document);
CREATE UNLOGGED TABLE emergency_contact_staging (LIKE emergency_contact);
CREATE UNLOGGED TABLE network_connection_staging (LIKE network_connection);
CREATE UNLOGGED TABLE software_allowlist_staging (LIKE software_allowlist);
CREATE UNLOGGED TABLE asset_software_staging (LIKE asset_software);
CREATE UNLOGGED TABLE request_staging (LIKE request);
CREATE UNLOGGED TABLE exception_grant_staging (LIKE exception_grant);
CREATE UNLOGGED TABLE disposal_record_staging (LIKE disposal_record);
CREATE UNLOGGED TABLE media_movement_staging (LIKE media_movement);
DO $$
DECLARE
	t text;
	c text;
BEGIN
	FOREACH t IN ARRAY ARRAY['contract', 'document', 'emergency_contact', 'network_connection', 'software_allowlist', 'asset_software', 'request', 'exception_grant', 'disposal_record', 'media_movement'] LOOP
		FOR c IN SELECT attname FROM pg_attribute
			WHERE attrelid = (t || '_staging')::regclass AND attnum > 0 AND attnotnull LOOP
			EXECUTE format('ALTER TABLE %I ALTER %I DROP NOT NULL', t || '_staging', c);
		END LOOP;
		EXECUTE format('ALTER TABLE %I DROP COLUMN IF EXISTS search', t || '_staging');
		EXECUTE format('ALTER TABLE %I ADD import_no text NOT NULL, ADD line bigint NOT NULL, '
			'ADD bad boolean NOT NULL, ADD found text COLLATE "C", ADD act text',
			t || '_staging');
		EXECUTE format('CREATE INDEX ON %I (import_no)', t || '_staging');
	END LOOP;
END $$;
