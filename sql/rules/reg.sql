-- REG: mandatory columns of the 情報資産台帳, 2.1(2)④(f)(g) and owners, ⑧(a)(c).
SELECT rule('REG-01', 'asset', 'R', 'error', 'name', '2.1(2)④(g)',
	$$ coalesce(btrim(a.name), '') = '' $$,
	'名称を入力してください（台帳の必須項目）。', 'Enter the name (mandatory column).');
SELECT rule('REG-02', 'asset', 'R', 'error', 'location_text', '2.1(2)④(g)',
	$$ coalesce(btrim(a.location_text), '') = '' AND a.location_area IS NULL $$,
	'設置場所を入力してください（台帳の必須項目）。クラウドなら事業者名とリージョンを記入します。',
	'Enter the place (mandatory column); for a cloud service its provider and region.');
SELECT rule('REG-03', 'asset', 'R', 'error', 'asset_type', '2.1(2)④(g)',
	$$ a.asset_type IS NULL $$,
	'種別（分類）を選択してください。', 'Choose the type.');
SELECT rule('REG-04', 'asset', 'R', 'error', 'confidentiality', '2.1(2)④(g), 3.1(2)①(a)',
	$$ a.confidentiality IS NULL OR a.confidentiality_basis IS NULL $$,
	'機密性の格付けとその根拠を選択してください。',
	'Choose the confidentiality level and its basis.');
SELECT rule('REG-05', 'asset', 'R', 'error', 'has_personal_info', '2.1(2)④(g)',
	$$ a.has_personal_info IS NULL $$,
	'個人情報保存の該非を選択してください。', 'Say whether personal information is stored.');
SELECT rule('REG-06', 'asset', 'R', 'error', 'has_my_number', '2.1(2)④(g)',
	$$ a.has_my_number IS NULL $$,
	'特定個人情報（マイナンバー）保存の該非を選択してください。',
	'Say whether individual numbers (My Number) are stored.');
SELECT rule('REG-07', 'asset', 'R', 'error', 'internal_media_encryption', '2.1(2)④(g)',
	$$ a.internal_media_encryption IS NULL $$,
	'内蔵電磁的記録媒体の暗号化の状況を選択してください（ない場合は「内蔵媒体なし」）。',
	'Choose how the built-in media are encrypted (or that there are none).');
SELECT rule('REG-08', 'asset', 'R', 'error', 'users_text', '2.1(2)④(g)',
	$$ coalesce(btrim(a.users_text), '') = '' AND NOT asset_has_user(a.asset_no) $$,
	'使用者等を入力してください（個人又はグループ）。', 'Enter the users (persons or groups).');
SELECT rule('REG-09', 'asset', 'R', 'error', 'sysadmin', '2.1(2)⑧(a)(c)',
	$$ a.sysadmin IS NULL $$,
	'情報システム管理者を指定してください。', 'Name the 情報システム管理者.');
SELECT rule('REG-12', 'asset', 'R', 'error', 'internal_media_encryption', '2.1(2)④(g)',
	$$ a.internal_media_encryption = 'no_media' AND a.asset_type = 'nas' $$,
	'NASには内蔵媒体があります。「内蔵媒体なし」以外を選択してください。',
	'A NAS has built-in media; choose how they are encrypted.');
SELECT rule('REG-17', 'asset', 'R', 'error', 'unit', '2.1(2)④(f), ⑦(a)',
	$$ a.institution IS NULL OR a.unit IS NULL $$,
	'機関と管理部署を選択してください。', 'Choose the 機関 and the owning unit.');
