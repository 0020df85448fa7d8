-- After all rules: build the functions.
SELECT rules_build('asset', 'asset');
SELECT rules_build('external_media', 'media');
SELECT rules_build('institution', 'institution');
SELECT rules_build('org_unit', 'unit');
SELECT rules_build('role_assignment', 'office', '{INSERT}');
