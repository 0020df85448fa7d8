-- Another unit joins a cloud service that is approved (4.1(2)②(g), 5.2(2)①).
ALTER TABLE request DROP CONSTRAINT request_request_type_check,
	ADD CONSTRAINT request_request_type_check CHECK (request_type IN (
		'appoint_sysadmin', 'qualification', 'appoint_important_admin', 'important_new',
		'important_convert', 'important_software', 'important_release', 'handover',
		'rating_review', 'c4_offsite_work', 'media_takeout', 'non_issued_media',
		'non_issued_terminal', 'network_connection', 'software_use', 'cloud_use', 'cloud_join',
		'social_media', 'provide_outside', 'send_share', 'c4_handling', 'mail_auth_exemption',
		'log_period', 'area_designation', 'exception', 'deputy_iso', 'recheck', 'csirt_audit',
		'disposal', 'transfer'));
CREATE INDEX request_joins ON request ((payload->>'service')) WHERE request_type = 'cloud_join';
