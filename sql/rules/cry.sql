-- CRY: what is stored and sent is protected, keys are kept; 3.1(2)②(b), 4.1(2)⑤, 7.1.5.
SELECT rule('CRY-01', 'asset', 'F', 'error', 'internal_media_encryption', '3.1(2)②(b)ア',
	$$ a.confidentiality >= 3 AND a.internal_media_encryption <> 'no_media'
	AND NOT storage_encrypted(a.internal_media_encryption)
	AND a.asset_type NOT IN ('network', 'social_media', 'application') AND asset_is_live(a.state) $$,
	'機密性3以上を保存しています。内蔵媒体の全体又は保存する領域を暗号化してください。',
	'機密性3 or more is stored: encrypt the medium, or the part that holds it.');
SELECT rule('CRY-02', 'asset', 'F', 'error', 'leak_prevention', '3.1(2)②(b)ア',
	$$ a.confidentiality >= 3 AND a.net_zone <> 'standalone'
	AND coalesce(btrim(a.leak_prevention), '') = '' AND asset_is_live(a.state) $$,
	'インターネットからの漏洩をどう防いでいるかを記入してください（機密性3以上）。',
	'Say what keeps the data from leaking to the internet (機密性3 and above).');
SELECT rule('CRY-03', 'asset', 'F', 'error', 'physical_protection', '3.1(2)②(b)イ',
	$$ a.confidentiality >= 3 AND a.embodiment = 'physical'
	AND coalesce(btrim(a.physical_protection), '') = '' AND asset_is_live(a.state) $$,
	'盗難や持ち出しへの対策を記入してください（機密性3以上を保存する機器）。',
	'Say what protects the device against theft and removal (機密性3 and above).');
SELECT rule('CRY-04', 'asset', 'F', 'warning', 'physical_protection', '6.1.1(2)④, 6.2(2)①(a)',
	$$ a.confidentiality = 2 AND a.embodiment = 'physical'
	AND a.asset_type IN ('server', 'terminal', 'nas')
	AND coalesce(btrim(a.physical_protection), '') = '' AND asset_is_live(a.state) $$,
	'盗難・不正操作・のぞき見への対策を記入してください（機密性2を扱う装置）。',
	'Say what protects the device against theft, misuse and prying eyes (機密性2).');
SELECT rule('CRY-05', 'asset', 'F', 'warning', 'encryption_cryptrec', '7.1.5(2)①(b)',
	$$ a.encryption_cryptrec = 'no' AND asset_is_live(a.state) $$,
	'電子政府推奨暗号リストにある方式へ移行する計画を立てるか、例外措置を申請してください。',
	'Plan the move to a method of the CRYPTREC list, or apply for an exception.');
SELECT rule('CRY-06', 'asset', 'F', 'info', 'encryption_method', '4.1(2)⑤(a)(b), 7.1.5(2)①(b)',
	$$ a.internal_media_encryption IN ('full', 'file', 'partial')
	AND (coalesce(btrim(a.encryption_method), '') = '' OR a.key_custodian IS NULL) AND asset_is_live(a.state) $$,
	'暗号方式と、鍵を管理する人を登録してください。',
	'Enter the method of encryption and who keeps the key.');
SELECT rule('CRY-07', 'asset', 'F', 'warning', 'key_backup', '4.1(2)⑤(c)',
	$$ a.internal_media_encryption IN ('full', 'file', 'partial') AND a.key_backup IS FALSE AND asset_is_live(a.state) $$,
	'復号に使う鍵のバックアップを取り、登録を更新してください。',
	'Make a backup of the key, and say so here.');
SELECT rule('CRY-08', 'asset', 'F', 'warning', 'transport_encryption', '6.8(2)①(c), 7.1.5(2)①(a)ア',
	$$ a.confidentiality >= 3 AND a.net_zone <> 'standalone'
	AND coalesce(a.transport_encryption, 'none') IN ('none', 'tls_old') AND asset_is_live(a.state) $$,
	'機密性3以上の通信が保護されていません。暗号化するか、不要と判断したなら「該当なし」とし、備考に理由を残してください。',
	'Traffic of 機密性3 and above is not protected: encrypt it, or record why that is not needed.');
SELECT rule('CRY-09', 'asset', 'F', 'info', 'esign', '7.1.5(2)①(a)イ',
	$$ a.integrity >= 2 AND coalesce(a.esign, 'unknown') IN ('unknown', 'none') AND asset_is_live(a.state) $$,
	'電子署名を使うか、不要かを判断して登録してください（完全性2以上）。',
	'Decide whether signatures are needed (完全性2以上), and enter the decision.');
SELECT rule('CRY-10', 'asset', 'F', 'warning', 'access_restricted', '3.1(2)②(b), 7.1.2(2)②',
	$$ a.confidentiality >= 2 AND a.access_restricted IS NOT TRUE AND asset_is_live(a.state) $$,
	'必要な人だけがアクセスできるように設定し、その旨を登録してください（機密性2以上）。',
	'Restrict access to those who need it, and say so here (機密性2 and above).');
