-- DSP: sanitisation and disposal.  Of mode G: asked when a row is sanitised or disposed of; from 20
-- on what the record must say beside the requirements' own.
SELECT rule('DSP-01', 'asset', 'F', 'error', 'state',
	'6.1.1(2)⑤, 6.2(2)③, 6.7(2)①(c), 6.9(2)③, 3.1(2)⑤(b)',
	$$ a.state = 'retired' AND a.asset_type IN ('terminal', 'server', 'nas', 'mfp', 'network_device')
	AND a.internal_media_encryption IS DISTINCT FROM 'no_media'
	AND a.retired_on < act_today() - policy_days('sanitise', a.institution)
	AND (asset_disposal(a.asset_no)).disposal_no IS NULL $$,
	'運用終了後の抹消が記録されていません。「情報資産廃棄ガイドライン」に従い速やかに抹消し、記録してください。',
	'Its operation has ended, and no sanitisation is on record within the time.', 'sanitise');
SELECT rule('DSP-02', 'asset', 'G', 'error', 'disposals', '3.1(2)⑤(b), 6.2(2)③',
	$$ a.state IN ('sanitised', 'disposed') AND a.internal_media_encryption IS DISTINCT FROM 'no_media'
	AND (asset_disposal(a.asset_no)).disposal_no IS NULL $$,
	'抹消の記録がありません。抹消の方法・日・実施者・確認者を記録してください。',
	'There is no record of disposal: enter method, date, performer and who confirms (disposals).');
SELECT rule('DSP-03', 'asset', 'G', 'error', 'certificate_name', '6.11(2)⑤(b)',
	$$ a.state IN ('sanitised', 'disposed') AND a.asset_type = 'nas'
	AND coalesce(btrim((asset_disposal(a.asset_no)).certificate_name), '') = '' $$,
	'NASの抹消には、消去ログ・破壊証明書等の証明が必要です（証明の名称）。',
	'A NAS needs the certificate of erasure or destruction (its name).');
SELECT rule('DSP-04', 'disposal_record', 'R', 'error', 'method', '6.11(2)⑤(a)',
	$$ a.method = 'provider' AND asset_is_type(a.asset, 'nas') $$,
	'NASの記憶媒体は、完全消去又は物理破壊で抹消してください。',
	'The media of a NAS are erased completely or destroyed.');
SELECT rule('DSP-05', 'external_media', 'G', 'error', 'disposals', '3.1(2)⑤(b)',
	$$ a.state IN ('sanitised', 'disposed') AND (medium_disposal(a.media_no)).disposal_no IS NULL $$,
	'媒体の抹消の記録がありません。抹消の方法・日・実施者・確認者を記録してください。',
	'There is no record of disposal: enter method, date, performer and who confirms (disposals).');
SELECT rule('DSP-20', 'asset', 'G', 'error', 'witness', '3.1(2)⑤(b)',
	$$ a.state IN ('sanitised', 'disposed') AND a.confidentiality >= 3
	AND (asset_disposal(a.asset_no)).disposal_no IS NOT NULL
	AND coalesce(btrim((asset_disposal(a.asset_no)).witness), '') = '' $$,
	'機密性3以上の情報を保存していたため、抹消の立会者の記録が必要です。',
	'It held 機密性3 or more: the record needs a witness.');
SELECT rule('DSP-21', 'asset', 'G', 'error', 'confirmed_by', '3.1(2)⑤(b), 6.2(2)③',
	$$ a.state IN ('sanitised', 'disposed') AND a.confidentiality >= 3
	AND disposal_by_confirmer(asset_disposal(a.asset_no)) $$,
	'機密性3以上の場合、抹消の実施者と確認者は別の人とします。',
	'From 機密性3 on, who confirms is not who did it.');
SELECT rule('DSP-22', 'asset', 'G', 'error', 'certificate_sha256', '6.11(2)⑤(b)',
	$$ a.state IN ('sanitised', 'disposed') AND a.asset_type = 'nas'
	AND (asset_disposal(a.asset_no)).certificate_sha256 IS NULL $$,
	'NASの抹消の証明には、ファイルのSHA-256の記録が必要です。',
	'The certificate of a NAS needs the SHA-256 of its file.');
SELECT rule('DSP-23', 'asset', 'G', 'error', 'certificate_keep_until', '6.11(2)⑤(b)',
	$$ a.state IN ('sanitised', 'disposed') AND a.asset_type = 'nas'
	AND coalesce((asset_disposal(a.asset_no)).certificate_keep_until
	< (asset_disposal(a.asset_no)).sanitised_on + policy_days('cert_keep', a.institution), true) $$,
	'NASの抹消の証明は、定められた期間保管します。保管期限を見直してください。',
	'The certificate of a NAS is kept as long as the policy says.');
SELECT rule('DSP-24', 'asset', 'G', 'error', 'disposed_on', '6.2(2)③, 3.1(2)⑤(b)',
	$$ a.state = 'disposed' AND a.internal_media_encryption IS DISTINCT FROM 'no_media'
	AND (asset_disposal(a.asset_no)).disposed_on IS NULL $$,
	'廃棄・搬出日を抹消・廃棄記録に入力してください。',
	'Enter in the record when it was disposed of.');
SELECT rule('DSP-25', 'external_media', 'G', 'error', 'witness', '3.1(2)⑤(b)',
	$$ a.state IN ('sanitised', 'disposed') AND a.confidentiality >= 3
	AND (medium_disposal(a.media_no)).disposal_no IS NOT NULL
	AND coalesce(btrim((medium_disposal(a.media_no)).witness), '') = '' $$,
	'機密性3以上の情報を記録していたため、抹消の立会者の記録が必要です。',
	'It held 機密性3 or more: the record needs a witness.');
SELECT rule('DSP-26', 'external_media', 'G', 'error', 'confirmed_by', '3.1(2)⑤(b)',
	$$ a.state IN ('sanitised', 'disposed') AND a.confidentiality >= 3
	AND disposal_by_confirmer(medium_disposal(a.media_no)) $$,
	'機密性3以上の場合、抹消の実施者と確認者は別の人とします。',
	'From 機密性3 on, who confirms is not who did it.');
-- After the fact, and not before the operation has ended.
SELECT rule('DSP-28', 'disposal_record', 'R', 'error', 'sanitised_on', '3.1(2)⑤(b), 6.2(2)③',
	$$ a.sanitised_on > act_today() OR a.sanitised_on < asset_retired_on(a.asset) $$,
	'抹消日は、運用終了日以後、今日までの日としてください。',
	'It was sanitised on a day between the end of its operation and today.');
SELECT rule('DSP-27', 'external_media', 'G', 'error', 'disposed_on', '3.1(2)⑤(b)',
	$$ a.state = 'disposed' AND (medium_disposal(a.media_no)).disposed_on IS NULL $$,
	'廃棄・搬出日を抹消・廃棄記録に入力してください。',
	'Enter in the record when it was disposed of.');
