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

-- What the ledger lacks, and how old it is.
SELECT rule('REG-10', 'asset', 'F', 'warning', 'availability', '6.2(2)①(b), 7.1.5(2)①(a)イ, 7.2.3(2)①',
	$$ asset_is_live(a.state) AND (a.integrity IS NULL OR a.availability IS NULL) $$,
	'完全性と可用性の段階を入力してください。可用性2以上・完全性2以上の対策の要否は、これで決まります。',
	'Rate integrity and availability; what 可用性2以上 and 完全性2以上 ask for depends on them.');
SELECT rule('REG-11', 'asset', 'F', 'warning', 'internal_media_encryption', '2.1(2)④(g)',
	$$ asset_is_live(a.state) AND a.internal_media_encryption = 'unknown' $$,
	'内蔵媒体の暗号化が「不明」です。機器を確認し、結果を登録してください。',
	'Look whether the built-in media are encrypted, and enter the answer.');
SELECT rule('REG-13', 'asset', 'F', 'warning', 'last_inventory_on', '2.2(1), 2.2(2)①',
	$$ asset_is_live(a.state) AND coalesce(a.last_inventory_on, a.created_at::date)
	< act_today() - policy_days('inventory', a.institution) $$,
	'棚卸しの期限を過ぎています。現物と台帳を照合し、棚卸しに回答してください。',
	'The inventory is overdue: compare the asset with this row and answer.');
SELECT rule('REG-16', 'asset', 'F', 'warning', 'security_requirements', '2.2(2)①',
	$$ asset_is_live(a.state) AND a.asset_type IN ('information_system', 'server', 'cloud_service')
	AND coalesce(btrim(a.security_requirements), '') = '' $$,
	'セキュリティ要件に係る事項を記入してください（仕様書の名称と章でも構いません）。',
	'Enter the security requirements, or where they are written.');
SELECT rule('REG-18', 'asset', 'F', 'warning', 'hostname', '2.2(1), 3.3(2)②(d)',
	$$ asset_is_live(a.state) AND a.net_zone <> 'standalone' AND a.asset_type IN ('server', 'nas', 'terminal',
	'mfp', 'special_device', 'network_device') AND coalesce(cardinality(a.ip_addrs), 0) = 0
	AND coalesce(cardinality(a.hostname), 0) = 0 AND coalesce(cardinality(a.mac_addrs), 0) = 0 $$,
	'ホスト名・IPアドレス・MACアドレスのいずれかを登録してください。インシデントの際に機器を特定するために使います。',
	'Enter a host name or an address, so that the device can be found in an incident.');
