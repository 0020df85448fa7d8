-- CLD, SNS, OUT: what others run or do for the 機関, 4.1–4.4 and chapter 5.
SELECT rule('CLD-01', 'asset', 'F', 'error', 'cloud_approval_request', '4.1(2)②(g)',
	$$ a.asset_type = 'cloud_service' AND asset_is_live(a.state) AND NOT permit_covers(
	a.cloud_approval_request, a.institution, a.asset_no, 'cloud_use') $$,
	'機関CISOの利用承認を得て、その申請番号を登録してください。',
	'Obtain the approval of the 機関CISO and name its application.');
-- A gate: asked at a step, whatever the state.  What is not known to be listed is not listed.
SELECT rule('CLD-02', 'asset', 'G', 'error', 'cloud_risk_and_measures', '5.2(2)①',
	$$ a.asset_type = 'cloud_service'
	AND coalesce(a.cloud_ismap, 'unknown') IN ('not_listed', 'unknown')
	AND coalesce(btrim(a.cloud_risk_and_measures), '') = '' $$,
	'ISMAP等のリストにないサービスです。リスクと必要な対策を記入してください。',
	'The service is not on the ISMAP lists: set out its risks and the measures.');
SELECT rule('CLD-03', 'asset', 'F', 'warning', 'cloud_ismap_checked_on', '5.2(1), (2)①',
	$$ a.asset_type = 'cloud_service' AND a.cloud_ismap IN ('ismap', 'ismap_liu')
	AND asset_is_live(a.state) AND coalesce(a.cloud_ismap_checked_on, a.created_at::date)
	< act_today() - policy_days('ismap_check', a.institution) $$,
	'ISMAP等のリストにまだ載っているかを確かめ、確認日を更新してください。',
	'Check that the service is still on the ISMAP lists and record the day.');
SELECT rule('CLD-04', 'asset', 'F', 'error', 'cloud_share_limited', '4.1(2)⑧',
	$$ a.asset_type = 'cloud_service' AND a.cloud_external_share AND a.confidentiality >= 2
	AND asset_is_live(a.state) AND a.cloud_share_limited IS NOT TRUE
	AND (a.cloud_share_ended_on IS NULL OR a.cloud_share_ended_on > act_today()) $$,
	'共有先を必要な者だけに限るか、共有を終えて情報を削除してください。',
	'Limit the sharing to those who need it, or end it and delete the information.');
-- Whatever has become of the row, unless somebody has confirmed the end of the data.
SELECT rule('CLD-05', 'asset', 'F', 'error', 'cloud_ended_on', '5.2(2)②, 5.1(2)③, 4.1(2)⑧',
	$$ a.asset_type = 'cloud_service' AND a.cloud_ended_on < act_today()
	AND a.state IN ('in_operation', 'suspended', 'retired')
	AND NOT asset_sanitised(a.asset_no) $$,
	'利用を終えたサービスから情報が返却又は抹消されたことを確かめ、抹消記録を登録してください。',
	'Confirm that the provider has returned or erased the data, and record it.', 'sanitise');
-- A cloud is no network of one's own.
SELECT rule('CLD-06', 'asset', 'F', 'error', 'confidentiality', '2.2(2)②表 機密性4, 3.1(2)④(b)エ',
	$$ a.asset_type = 'cloud_service' AND a.confidentiality = 4 AND asset_is_live(a.state)
	AND NOT restriction_lifted(a.asset_no, 'isolated_only') $$,
	'機密性4の情報をクラウドから移すか、機関CISOの許可（c4_handling、制限 isolated_only）を得てください。',
	'Take 機密性4 out of the cloud, or obtain a permit c4_handling (isolated_only) of the 機関CISO.');
SELECT rule('CLD-07', 'asset', 'F', 'info', 'security_requirements', '5.2(1)',
	$$ a.asset_type = 'cloud_service' AND a.confidentiality >= 3 AND asset_is_live(a.state)
	AND coalesce(btrim(a.security_requirements), '') = '' $$,
	'提供者との責任の分担と、選定に用いたセキュリティ要件を記入してください。',
	'Record who answers for what, and the requirements the service was chosen by.');
-- Our own.
SELECT rule('CLD-08', 'asset', 'F', 'error', 'confidentiality', '4.1(2)②(g)',
	$$ a.asset_type = 'cloud_service' AND asset_is_live(a.state)
	AND a.confidentiality > cloud_level(a.cloud_approval_request) $$,
	'利用承認の上限を超える機密性です。情報を移すか、改めて利用承認を得てください。',
	'Rated above what its approval allows: move the information, or obtain another approval.');

SELECT rule('SNS-01', 'asset', 'F', 'error', 'confidentiality', '4.3(1)',
	$$ a.asset_type = 'social_media' AND a.confidentiality > 1 AND asset_is_live(a.state) $$,
	'ソーシャルメディアに載せられるのは機密性1だけです。載せる情報か格付けを見直してください。',
	'Only 機密性1 may go to social media: review what is posted, or the rating.');
SELECT rule('SNS-02', 'asset', 'F', 'error', 'sns_permit_request', '4.3(2)①(b)',
	$$ a.asset_type = 'social_media' AND asset_is_live(a.state)
	AND (a.sns_procedure_document IS NULL OR NOT permit_covers(a.sns_permit_request,
	a.institution, a.asset_no, 'social_media')) $$,
	'運用手順の文書と、機関CISOの許可の申請番号を登録してください。',
	'Name the procedure and the application by which the 機関CISO permitted the account.');
SELECT rule('SNS-03', 'asset', 'F', 'warning', 'sns_mirror_url', '4.3(2)②',
	$$ a.asset_type = 'social_media' AND a.availability >= 2 AND asset_is_live(a.state)
	AND coalesce(btrim(a.sns_mirror_url), '') = '' $$,
	'同じ情報を自機関のウェブサイトにも載せ、その場所を登録してください。',
	'Publish the same on a web site of your own and record where.');
SELECT rule('SNS-04', 'asset', 'F', 'warning', 'sns_operating_unit_shown', '4.3(2)①(a)',
	$$ a.asset_type = 'social_media' AND asset_is_live(a.state)
	AND a.sns_operating_unit_shown IS NOT TRUE $$,
	'本物と分かるように、運用している組織を示してください。',
	'Show who runs the account, so that it can be told from a fake.');

SELECT rule('OUT-01', 'contract', 'F', 'warning', 'last_check_on', '5.1(2)②',
	$$ a.confidentiality >= 2 AND a.ends_on >= act_today() AND (a.incident_plan_heard_on IS NULL
	OR coalesce(a.last_check_on, a.starts_on)
	< act_today() - policy_days('contract_check', a.institution)) $$,
	'委託先の履行状況を確かめ、インシデント時の対応を聞き取り、それぞれの日を登録してください。',
	'Check how the contractor performs, hear its plan for incidents, and record the days.');
SELECT rule('OUT-02', 'contract', 'F', 'error', 'closing_check_on', '5.1(2)③',
	$$ a.ends_on < act_today() AND (a.closing_check_on IS NULL
	OR coalesce(a.info_returned, 'not_yet') = 'not_yet') $$,
	'終了時の確認をし、情報が返却・廃棄・抹消されたことを登録してください。',
	'Make the closing check and record what became of the information.');
SELECT rule('OUT-03', 'contract', 'F', 'warning', 'supply_chain_checked', '4.4(2), 5.1(2)④',
	$$ a.ends_on >= act_today() AND a.supply_chain_checked IS NOT TRUE $$,
	'仕様書にサプライチェーンの追加要件を適用し、その旨を登録してください。',
	'Apply the supply-chain requirements to the specification, and record that.');
