-- CLS: the rating against the facts, table of 2.2(2)②.
SELECT rule('CLS-01', 'asset', 'R', 'error', 'confidentiality', '2.2(2)②表 機密性4②',
	$$ a.has_my_number AND a.confidentiality < 4 $$,
	'特定個人情報を保存する情報資産は機密性4です。', 'My Number data make it 機密性4.');
SELECT rule('CLS-02', 'asset', 'R', 'error', 'confidentiality', '2.2(2)②表 機密性3①・機密性2',
	$$ a.has_personal_info AND a.confidentiality = 2 AND a.personal_info_consent IS NOT TRUE $$,
	'個人情報を保存する場合は機密性3以上です。機密性2にできるのは本人の承諾がある場合に限ります。',
	'Personal information makes it 機密性3 or more; 2 only with the consent of the persons.');
SELECT rule('CLS-03', 'asset', 'R', 'error', 'confidentiality', '2.2(2)②表 機密性3①・機密性1',
	$$ a.has_personal_info AND a.confidentiality = 1 AND a.personal_info_published IS NOT TRUE $$,
	'個人情報を保存する場合は機密性1にできません。公表済みの個人情報だけの場合はその旨を選択してください。',
	'Personal information forbids 機密性1 unless all of it is published.');
SELECT rule('CLS-04', 'asset', 'R', 'error', 'confidentiality_basis', '2.2(2)②表',
	$$ substr(a.confidentiality_basis, 2, 1)::int > a.confidentiality $$,
	'選択した根拠は、より高い機密性に当たります。格付けを見直してください。',
	'The chosen basis belongs to a higher level.');
SELECT rule('CLS-05', 'asset', 'R', 'error', 'confidentiality_basis', '2.2(2)②表, 2.1(2)④(g)',
	$$ (a.confidentiality_basis = 'c4_my_number' AND a.has_my_number IS NOT TRUE) OR
	(a.confidentiality_basis IN ('c3_personal', 'c2_personal_consented') AND a.has_personal_info IS NOT TRUE) $$,
	'格付けの根拠と、個人情報・特定個人情報の該非が一致しません。',
	'The basis contradicts the answers about personal information or My Number.');
SELECT rule('CLS-06', 'asset', 'R', 'error', 'has_personal_info', '2.1(2)④(g), 2.2(2)②表',
	$$ a.has_my_number AND a.has_personal_info IS NOT TRUE $$,
	'特定個人情報は個人情報に含まれます。個人情報保存の該非を「該当」にしてください。',
	'My Number data are personal information; answer yes there too.');
SELECT rule('CLS-08', 'asset', 'R', 'error', 'rating_status', '2.2(2)②',
	$$ a.rating_status = 'confirmed' AND (a.rating_by IS NULL OR a.rating_on IS NULL) $$,
	'格付けを確定できるのは、所掌する情報セキュリティ管理者（いない場合や自ら提案した場合は情報セキュリティ責任者）です。',
	'Only the 情報セキュリティ管理者 of the unit confirms a rating, or, where there is none but who proposed it, the 情報セキュリティ責任者.');

-- The rating and what follows from it; a permission of the 機関CISO lifts the restriction of 3 or 4 that
-- it names.
SELECT rule('CLS-07', 'asset', 'F', 'warning', 'rating_status', '2.2(2)②',
	$$ asset_is_live(a.state) AND a.rating_status IS DISTINCT FROM 'confirmed' $$,
	'格付けは提案のままです。所掌する情報セキュリティ管理者に確定を依頼してください。',
	'The rating is a proposal; ask the 情報セキュリティ管理者 of the unit to confirm it.');
SELECT rule('CLS-09', 'asset', 'F', 'warning', 'confidentiality', '3.1(2)①(b)',
	$$ a.asset_type = 'information_system' AND asset_is_live(a.state)
	AND EXISTS (SELECT FROM asset c WHERE c.parent_asset = a.asset_no AND asset_is_live(c.state)
		AND c.confidentiality > a.confidentiality) $$,
	'構成要素の方が高い機密性です。情報システムの格付けを、構成要素のうち最も高いものに合わせてください。',
	'A component is rated higher: rate the system at least as high as its components.');
SELECT rule('CLS-10', 'asset', 'F', 'warning', 'backup_confidentiality', '3.1(2)⑥(b), ①(b)',
	$$ asset_is_live(a.state) AND a.backup_confidentiality < a.confidentiality $$,
	'バックアップの機密性が元の情報より低くなっています。元の格付けを引き継いでください。',
	'The backup is rated lower than its source; let it inherit the rating.');
SELECT rule('CLS-11', 'asset', 'F', 'error', 'net_zone', '2.2(2)②表 機密性4',
	$$ a.confidentiality = 4 AND a.net_zone NOT IN ('standalone', 'isolated') AND asset_is_live(a.state)
	AND NOT restriction_lifted(a.asset_no, 'isolated_only') $$,
	'機密性4はスタンドアロンか独立したネットワークで運用します。接続を変えるか、機関CISOの許可（c4_handling、制限 isolated_only）を申請してください。',
	'機密性4 runs stand-alone or on a network of its own: change the connection, or apply for c4_handling (isolated_only).');
SELECT rule('CLS-12', 'asset', 'F', 'error', 'designated_place', '2.2(2)②表 機密性4',
	$$ a.confidentiality = 4 AND coalesce(btrim(a.designated_place), '') = ''
	AND (asset_is_live(a.state) OR a.state = 'retired')
	AND NOT restriction_lifted(a.asset_no, 'designated_place') $$,
	'機密性4を扱う場所を決め、指定場所に登録してください。',
	'機密性4 is used in one place only: decide which, and enter it.');
SELECT rule('CLS-13', 'asset', 'F', 'error', 'provision', '2.2(2)②表 機密性3',
	$$ a.asset_type = 'terminal' AND a.confidentiality >= 3 AND a.provision <> 'issued'
	AND asset_is_live(a.state) AND NOT restriction_lifted(a.asset_no, 'org_terminal_only') $$,
	'機密性3以上は機構の端末で扱います。機構の端末に移すか、機関CISOの許可（c4_handling、制限 org_terminal_only）を申請してください。',
	'機密性3 and above belong on terminals of the 機構: move them, or apply for c4_handling (org_terminal_only).');
SELECT rule('CLS-14', 'asset', 'F', 'error', 'external_public', '2.2(2)②表 機密性4',
	$$ a.has_my_number AND a.confidentiality = 4 AND a.external_public AND asset_is_live(a.state) $$,
	'特定個人情報を持つ資産が外部公開になっています。すぐに公開を止め、登録を確かめてください。',
	'An asset with My Number data is public: close it at once and check the row.');
SELECT rule('CLS-15', 'asset', 'F', 'error', 'handling_restrictions', '2.2(2)②表, 3.1(2)①(a)',
	$$ a.confidentiality >= 2 AND asset_is_live(a.state) AND NOT (coalesce(a.handling_restrictions, '{}')
	|| CASE WHEN 'no_copy' = ANY (a.handling_restrictions) THEN '{minimal_copy}'::text[] ELSE '{}' END
	@> rating_restrictions(a.confidentiality, a.institution))
	AND NOT (a.confidentiality >= 3 AND coalesce(a.handling_restrictions, '{}')
	|| CASE WHEN 'no_copy' = ANY (a.handling_restrictions) THEN '{minimal_copy}'::text[] ELSE '{}' END
	|| restrictions_lifted(a.asset_no) @> rating_restrictions(a.confidentiality, a.institution)) $$,
	'格付けに伴う取扱制限が足りません。この機密性とそれ以下の制限をすべて選択してください。',
	'Restrictions of this level, or of those below it, are missing: choose them all.');
SELECT rule('CLS-16', 'asset', 'G', 'warning', 'rating_status', '3.1(2)①(c)',
	$$ a.rating_status = 'provisional' AND a.rating_on IS NOT NULL
	AND NOT rating_reviewed(a.asset_no, a.rating_on) $$,
	'確定した格付けを下げること、取扱制限を外すことには、情報セキュリティ管理者の確認（POST …/rating）が必要です。',
	'A confirmed rating is lowered, and its restrictions taken away, only by who confirms it (POST …/rating).');
SELECT rule('CLS-17', 'asset', 'F', 'warning', 'unit', '2.1(2)⑦(c)',
	$$ a.confidentiality >= 3 AND asset_is_live(a.state)
	AND NOT EXISTS (SELECT FROM document d WHERE d.institution = a.institution
		AND d.kind = 'c3_manual' AND d.unit = a.unit) $$,
	'この部署には機密性3以上の取扱マニュアルがありません。作成して文書に登録してください。',
	'The unit has no manual for 機密性3 and above: write one and register it.');
