-- Applications that follow one another, what each was submitted over, publication in waiting.

-- follows: the application that must be decided before this one (a bundle: 資質確認, 指名, 許可)
ALTER TABLE request
	ADD follows text REFERENCES request (request_no),
	ADD CONSTRAINT request_follows_other CHECK (follows <> request_no);
ALTER TABLE request_staging ADD follows text;
CREATE INDEX request_follows ON request (follows) WHERE follows IS NOT NULL;
CREATE INDEX request_term ON request (valid_to) WHERE state = 'approved';

-- What the digest of an application was made of: kept for the view of who decides, and for an
-- auditor who makes it again.
CREATE TABLE request_seen (
	request text NOT NULL REFERENCES request (request_no),
	institution text NOT NULL,
	sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
	subject text NOT NULL, -- the JSON text, byte for byte
	seen_at timestamptz NOT NULL,
	PRIMARY KEY (request, sha256),
	CHECK (encode(sha256(convert_to(subject, 'UTF8')), 'hex') = sha256)
);

-- 公開予定: held back until the server is permitted as a 重要サーバ.
ALTER TABLE asset ADD publication_planned boolean;
ALTER TABLE asset_staging ADD publication_planned boolean;

ALTER TABLE policy DROP CONSTRAINT policy_name_check, ADD CONSTRAINT policy_name_check
	CHECK (name IN ('inventory', 'media_check', 'software_review', 'config_check', 'vuln_check',
		'access_review', 'webapp_vuln', 'zone_check', 'mfp_check', 'net_review', 'nas_backup',
		'restore_test', 'firmware', 'ismap_check', 'contract_check', 'contact_check', 'cert_warn',
		'permit_warn', 'sanitise', 'exception_max', 'ciso_report', 'convert_deadline',
		'takeout_max', 'install_max', 'start_max', 'cert_keep', 'finding_due'));
