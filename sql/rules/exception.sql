-- EXC: 例外措置, 2.3(2)⑤.
SELECT rule('EXC-01', 'exception_grant', 'F', 'warning', 'reported_to_ciso_on', '2.3(2)⑤',
	$$ a.reported_to_ciso_on IS NULL $$,
	'許可したことをCISOに報告し、報告日を登録してください。',
	'Report the permission to the CISO and record the day.', 'ciso_report');
-- 2.1(2)⑫(b) knows no exception for who audits and is audited, nor may anybody decide without the
-- office for it.
SELECT rule('EXC-02', 'exception_grant', 'R', 'error', 'request', '2.3(2)⑤, 2.1(2)⑫(b)',
	$$ a.rule IN ('AUD-01', 'REQ-03', 'ROLE-03') OR a.valid_to IS NULL
	OR a.valid_to > a.valid_from + policy_days('exception_max', a.institution)
	OR NOT exception_permitted(a.request, a.institution, a.rule, a.asset, a.medium,
	a.unit, a.valid_from, least(a.valid_to, a.revoked_on)) $$,
	'同じ規則と対象について機関CISO（回付された場合はCISO）が許可した申請が必要です。期間は許可の日以後で許可の範囲内、かつ最長期間以内としてください（監査の兼務と権限のない決定に例外はありません）。',
	'It takes an application of the same rule and object that the 機関CISO (handed on: the CISO) has permitted, and a term that begins with it or later and ends within it and the longest term; auditing oneself and deciding without the office have no exception.');
SELECT rule('EXC-03', 'exception_grant', 'F', 'warning', 'valid_to', '2.3(2)⑤',
	$$ a.revoked_on IS NULL AND a.valid_to < act_today() + policy_days('permit_warn', a.institution)
	AND NOT exception_renewed(a.rule, a.asset, a.medium, a.unit, a.valid_to) $$,
	'期限までに規則に従う状態にするか、改めて許可を得てください。',
	'Comply before the exception ends, or obtain a new permission.', 'permit_warn');
