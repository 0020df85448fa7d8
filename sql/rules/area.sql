-- AREA: 要管理対策区域, 3.2.
SELECT rule('AREA-01', 'area', 'R', 'error', 'designated_by', '3.2(2)',
	$$ a.is_controlled AND NOT area_designated(a.institution, a.identified_by, a.designated_by,
	a.designated_on) $$,
	'範囲を特定した情報システム管理者、定めた情報セキュリティ責任者、指定日を入力してください。両者ともその日に在任している必要があります。',
	'Name the 情報システム管理者 who identified the area, the 情報セキュリティ責任者 who designated it, and the day; both held office on it.');
SELECT rule('AREA-02', 'area', 'F', 'warning', 'entry_control', '3.2(2)',
	$$ a.is_controlled AND (a.revoked_on IS NULL OR a.revoked_on > act_today())
	AND coalesce(a.entry_control, 'none') = 'none' $$,
	'鍵・カード・有人などで立入りを制限し、その方法を登録してください。',
	'Restrict who may enter (key, card, guard …) and record how.');
SELECT rule('AREA-03', 'asset', 'F', 'warning', 'location_area', '3.2(1)(2), 6.2(2)①(a), 6.9(2)①(a)',
	$$ a.embodiment = 'physical' AND a.confidentiality >= 2
	AND a.asset_type IN ('server', 'nas', 'network_device') AND asset_is_live(a.state)
	AND NOT EXISTS (SELECT FROM area g WHERE g.code = a.location_area AND g.is_controlled
	AND (g.revoked_on IS NULL OR g.revoked_on > act_today())) $$,
	'要管理対策区域に移すか、設置区域を登録してください。',
	'Move it into a 要管理対策区域, or record the area where it stands.');
