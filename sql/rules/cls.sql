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
