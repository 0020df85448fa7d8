-- CLS: who rates, and what a rating brings with it (2.2(2)②, 3.1(2)①).
SELECT rule('CLS-07', 'asset', 'F', 'warning', 'rating_status', '2.2(2)②',
	$$ asset_is_live(a.state) AND a.rating_status IS DISTINCT FROM 'confirmed' $$,
	'格付けが確定していません。情報セキュリティ管理者の確認を受けてください。',
	'The rating is not confirmed yet.');
SELECT rule('CLS-09', 'asset', 'F', 'warning', 'confidentiality', '3.1(2)①(b)',
	$$ a.asset_type = 'information_system'
	AND asset_component_level(a.asset_no) > a.confidentiality $$,
	'構成要素の機密性が、情報システムの機密性より高くなっています。格付けを見直してください。',
	'A component is rated higher than the system.');
SELECT rule('CLS-15', 'asset', 'F', 'error', 'handling_restrictions', '2.2(2)②表, 3.1(2)①(a)',
	$$ asset_is_live(a.state) AND a.confidentiality >= 2
	AND ((NOT coalesce(a.handling_restrictions, '{}') @> '{encrypt_transfer,irrecoverable_disposal}')
	OR (a.confidentiality >= 3 AND NOT coalesce(a.handling_restrictions, '{}') && '{minimal_copy,no_copy}')
	OR (a.confidentiality = 4 AND NOT coalesce(a.handling_restrictions, '{}')
	@> '{no_copy,designated_place,isolated_only}')) $$,
	'格付けに応じた取扱制限が足りません（上位の格付けは下位の取扱制限を含みます）。',
	'Handling restrictions of the level are missing; a level has those of the lower ones, too.');
-- Refused where it happens (asset_rating()); the predicate says what must never be found.
SELECT rule('CLS-16', 'asset', 'G', 'warning', 'confidentiality', '3.1(2)①(c)',
	$$ a.rating_status = 'provisional' AND a.rating_on IS NOT NULL $$,
	'確定した格付けを下げること、取扱制限を外すことには、情報セキュリティ管理者の確認（POST …/rating）が必要です。',
	'A confirmed rating is lowered, and its restrictions taken away, only by who confirms it (POST …/rating).');
