-- After all rules: build the functions.
SELECT rules_build('asset', 'asset');
SELECT rules_build('external_media', 'media');
