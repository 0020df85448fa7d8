-- TRM: terminals, remote access and software; 4.2, 6.1, 7.2.2.
SELECT rule('TRM-01', 'asset', 'F', 'error', 'non_issued_request', '6.1.3(2)',
	$$ a.asset_type = 'terminal' AND a.provision = 'non_issued' AND asset_is_live(a.state)
	AND NOT permit_covers(a.non_issued_request, a.institution,
	a.asset_no, 'non_issued_terminal') $$,
	'支給外端末の利用許可を申請し、許可された申請の番号を登録してください。',
	'Apply for the use of the private terminal; enter the number of the permission.');
SELECT rule('TRM-02', 'asset', 'F', 'warning', 'malware_protection', '7.2.2(2)①, 4.2(2)③',
	$$ a.asset_type IN ('terminal', 'server') AND coalesce(a.malware_protection, 'none') = 'none'
	AND asset_is_live(a.state) $$,
	'不正プログラム対策ソフトウェア等を導入し、登録してください。',
	'Install protection against malware, and enter it.');
SELECT rule('TRM-03', 'asset', 'F', 'warning', 'remote_auth', '4.2(2)②',
	$$ a.remote_access <> 'none' AND coalesce(a.remote_auth, 'none') IN ('none', 'password') AND asset_is_live(a.state) $$,
	'リモートアクセスの認証を、多要素か生体に切り替えてください。',
	'Let remote access ask for more than one factor, or for a biometric one.');
SELECT rule('TRM-04', 'asset', 'F', 'warning', 'vuln_state', '4.2(2)③',
	$$ a.asset_type = 'terminal' AND a.remote_access IN ('user', 'both')
	AND (coalesce(a.vuln_state, 'unknown') <> 'ok' OR coalesce(a.malware_protection, 'none') = 'none')
	AND asset_is_live(a.state) $$,
	'リモートアクセスに使う端末です。脆弱性対策を最新にし、不正プログラム対策を入れてから使ってください。',
	'A terminal for remote access must be patched and protected against malware before use.');
SELECT rule('TRM-05', 'asset', 'F', 'warning', NULL, '6.1.1(2)③, 6.2(2)①(c), 4.1(2)②(d)',
	$$ a.asset_type IN ('terminal', 'server') AND asset_is_live(a.state)
	AND EXISTS (SELECT FROM asset_software s WHERE s.asset = a.asset_no AND NOT EXISTS (
		SELECT FROM software_allowlist l WHERE l.institution = a.institution
		AND l.software_name = s.software_name AND (l.asset IS NULL OR l.asset = a.asset_no)
		AND l.target IN (a.asset_type, 'both'))) $$,
	'利用を認めていないソフトウェアが入っています。削除するか、情報システム管理者の承認を得て一覧に加えてください。',
	'Software is installed that is not allowed here: remove it, or have the 情報システム管理者 allow it.');
-- Our own.
SELECT rule('TRM-06', 'software_allowlist', 'F', 'warning', 'reviewed_on', '6.2(2)②(a)',
	$$ a.reviewed_on < act_today() - policy_days('software_review', a.institution) $$,
	'利用を認めるソフトウェアの見直し時期を過ぎています。見直すか、承認を取り消してください。',
	'It is time to review whether this software is still allowed: do so, or revoke it.');
