-- MED: mandatory columns of the 外部電磁的記録媒体管理台帳, 2.1(2)④(h).
SELECT rule('MED-01', 'external_media', 'R', 'error', 'confidentiality', '2.1(2)④(h)',
	$$ a.confidentiality IS NULL $$,
	'機密性分類を選択してください（台帳の必須項目）。',
	'Choose the confidentiality level (mandatory column).');
SELECT rule('MED-02', 'external_media', 'R', 'error', 'users_text', '2.1(2)④(h)',
	$$ coalesce(btrim(a.users_text), '') = '' $$,
	'使用者等を入力してください（台帳の必須項目）。', 'Enter the users (mandatory column).');
SELECT rule('MED-OWN', 'external_media', 'R', 'error', 'custodian', '2.1(2)④(h)',
	$$ a.unit IS NULL OR a.custodian IS NULL $$,
	'管理部署と保管責任者を指定してください。', 'Name the owning unit and the custodian.');
