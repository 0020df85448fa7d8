-- After all rules: build the functions.
SELECT rules_build('asset', 'asset');
SELECT rules_build('external_media', 'media');
SELECT rules_build('institution', 'institution');
SELECT rules_build('org_unit', 'unit');
SELECT rules_build('role_assignment', 'office', '{INSERT}');
SELECT rules_build('contract', 'contract');
SELECT rules_build('document', 'document');
SELECT rules_build('emergency_contact', 'contact');
SELECT rules_build('network_connection', 'connection');
SELECT rules_build('asset_software', 'software');
SELECT rules_build('exception_grant', 'exception');
SELECT rules_build('disposal_record', 'disposal');
SELECT rules_build('media_movement', 'movement', '{INSERT}');
SELECT rules_build('area', 'area');
SELECT rules_build('software_allowlist', 'allowlist');
SELECT rules_build('request', 'request');
