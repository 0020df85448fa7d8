-- MAIL, WEB, DNS, DB: what a server offers, 6.3–6.6.  A column that nobody has filled in counts as
-- "not done"; only where the whole sheet of a database is empty, DB-03 says so once instead.
SELECT rule('MAIL-01', 'asset', 'F', 'error', 'mail_relay_blocked', '6.3(2)①',
	$$ asset_is_live(a.state) AND 'mail' = ANY (a.functions)
	AND a.mail_relay_blocked IS NOT TRUE $$,
	'第三者による中継を拒否する設定にし、その旨を登録してください。',
	'Refuse to relay for third parties, and record that.');
SELECT rule('MAIL-02', 'asset', 'F', 'error', 'mail_client_auth', '6.3(2)②',
	$$ asset_is_live(a.state) AND 'mail' = ANY (a.functions)
	AND a.mail_client_auth IS NOT TRUE $$,
	'利用者がメールを受け取るときと送るときの認証を有効にしてください。',
	'Make users authenticate both to fetch and to send mail.');
SELECT rule('MAIL-03', 'asset', 'F', 'warning', 'mail_dmarc', '6.3(2)③',
	$$ asset_is_live(a.state) AND 'mail' = ANY (a.functions)
	AND (a.mail_spf AND a.mail_dkim AND a.mail_dmarc) IS NOT TRUE AND NOT permit_covers(
	a.mail_auth_exemption_request, a.institution, a.asset_no, 'mail_auth_exemption') $$,
	'SPF・DKIM・DMARCをそろえて導入するか、機関CISOの認めを得てその申請番号を登録してください。',
	'Introduce SPF, DKIM and DMARC, or name the consent of the 機関CISO to do without.');
SELECT rule('MAIL-04', 'asset', 'F', 'warning', 'mail_server_tls', '6.3(2)④',
	$$ asset_is_live(a.state) AND 'mail' = ANY (a.functions)
	AND a.mail_server_tls IS NOT TRUE $$,
	'ほかのメールサーバとの通信を暗号化してください。', 'Encrypt the traffic with other mail servers.');

SELECT rule('WEB-01', 'asset', 'F', 'error', 'web_https_all', '6.4(2)④',
	$$ asset_is_live(a.state) AND 'web' = ANY (a.functions) AND a.web_https_all IS NOT TRUE $$,
	'全てのページをHTTPS（電子証明書）で提供してください。',
	'Serve everything over HTTPS with a certificate.');
SELECT rule('WEB-02', 'asset', 'F', 'warning', 'web_cert_expires_on', '6.4(2)④',
	$$ a.web_cert_expires_on IS NOT NULL AND asset_is_live(a.state)
	AND ('web' = ANY (a.functions) OR a.asset_type = 'application')
	AND a.web_cert_expires_on < act_today() + policy_days('cert_warn', a.institution) $$,
	'電子証明書を更新し、新しい有効期限を登録してください。',
	'Renew the certificate and record its new expiry.', 'cert_warn');
SELECT rule('WEB-03', 'asset', 'F', 'warning', 'web_editors_limited', '6.4(2)①②③',
	$$ asset_is_live(a.state) AND 'web' = ANY (a.functions)
	AND (a.web_editors_limited AND a.web_single_purpose AND a.web_leak_measure) IS NOT TRUE $$,
	'編集できる者の限定、不要な機能の停止、意図しない公開の防止を確認して登録してください。',
	'Limit who may edit, turn off what is not needed, prevent leaks, and record all three.');
SELECT rule('WEB-04', 'asset', 'F', 'warning', 'web_uses_org_domain', '6.1.4(2)⑤',
	$$ a.external_public AND asset_is_live(a.state)
	AND ('web' = ANY (a.functions) OR a.asset_type = 'application')
	AND a.web_uses_org_domain IS NOT TRUE $$,
	'外部向けのサイトは、機構又は機関のドメイン名で公開してください。',
	'Publish under a domain name of the 機構 or the 機関.');
SELECT rule('WEB-05', 'asset', 'F', 'warning', 'web_tamper_detection', '6.1.4(2)④',
	$$ asset_is_live(a.state) AND ('web' = ANY (a.functions) OR a.asset_type = 'application')
	AND a.web_tamper_detection IS NOT TRUE $$,
	'改ざんに気付ける仕組みを設け、登録してください。',
	'Set up something that notices tampering, and record it.');
SELECT rule('WEB-06', 'asset', 'F', 'warning', 'web_webapp_vuln_checked_on', '6.1.4(2)③',
	$$ a.web_webapp AND asset_is_live(a.state)
	AND ('web' = ANY (a.functions) OR a.asset_type = 'application')
	AND coalesce(a.web_webapp_vuln_checked_on, a.created_at::date)
	< act_today() - policy_days('webapp_vuln', a.institution) $$,
	'ウェブアプリケーションの脆弱性を点検し、確認日を更新してください。',
	'Check the web application for vulnerabilities and record the day.');
SELECT rule('WEB-07', 'asset', 'F', 'error', 'access_restricted', '3.1(2)③(a)',
	$$ a.external_public AND a.confidentiality >= 2 AND asset_is_live(a.state)
	AND ('web' = ANY (a.functions) OR a.asset_type = 'application')
	AND a.access_restricted IS NOT TRUE $$,
	'機密性2以上の情報は公表できません。アクセスを制限するか、格付けを見直してください。',
	'Only 機密性1 may be published: restrict the access or review the rating.');

-- The clause asks for redundancy as the availability of the systems demands: none at the lowest
-- level, unless the world or the continuity of work depends on it.
SELECT rule('DNS-01', 'asset', 'F', 'warning', 'dns_name_resolution_redundant', '6.5(2)①',
	$$ asset_is_live(a.state) AND a.functions && '{dns_content,dns_cache}'
	AND (a.availability IS DISTINCT FROM 1 OR a.external_public OR a.bcp_critical)
	AND a.dns_name_resolution_redundant IS NOT TRUE $$,
	'1台が止まっても名前解決が続くように、冗長な構成にしてください。',
	'Make name resolution survive the loss of one server.');
SELECT rule('DNS-02', 'asset', 'F', 'warning', 'dns_internal_zone_protected', '6.5(2)③④',
	$$ asset_is_live(a.state) AND 'dns_content' = ANY (a.functions)
	AND (a.dns_internal_zone AND a.dns_internal_zone_protected IS NOT TRUE
	OR a.dns_multi_server_consistent IS FALSE) $$,
	'内部向けの情報が外から引けないこと、全てのサーバの情報が一致することを確保してください。',
	'Keep the internal names from the outside, and all servers consistent.');
SELECT rule('DNS-03', 'asset', 'F', 'warning', 'dns_zone_checked_on', '6.5(2)⑤',
	$$ asset_is_live(a.state) AND 'dns_content' = ANY (a.functions)
	AND coalesce(a.dns_zone_checked_on, a.created_at::date)
	< act_today() - policy_days('zone_check', a.institution) $$,
	'登録しているドメインの情報が正しいかを点検し、確認日を更新してください。',
	'Check that the data of the domain are right and record the day.');

SELECT rule('DB-01', 'asset', 'F', 'warning', 'db_admin_accounts_managed', '6.6(2)①②③④',
	$$ asset_is_live(a.state) AND 'database' = ANY (a.functions) AND a.confidentiality >= 2
	AND NOT db_sheet_empty(a)
	AND (a.db_admin_accounts_managed AND a.db_access_attributable AND a.db_misuse_detection
	AND a.db_vuln_measure) IS NOT TRUE $$,
	'管理者権限の管理、利用者の特定、不正な操作の検知、脆弱性への対策をそろえてください。',
	'Manage the administrators, tell users apart, detect misuse, and close vulnerabilities.');
SELECT rule('DB-02', 'asset', 'F', 'error', 'db_data_encrypted', '6.6(2)⑤, 3.1(2)②(b)ア',
	$$ asset_is_live(a.state) AND 'database' = ANY (a.functions) AND a.confidentiality >= 3
	AND NOT db_sheet_empty(a)
	AND a.db_data_encrypted IS NOT TRUE
	AND NOT storage_encrypted(a.internal_media_encryption) $$,
	'データベース又はその下の記憶装置を暗号化してください（機密性3以上）。',
	'Encrypt the database or the storage below it (機密性3 or more).');
SELECT rule('DB-03', 'asset', 'F', 'warning', 'db_dbms', '6.6(1)(2)',
	$$ asset_is_live(a.state) AND 'database' = ANY (a.functions) AND a.confidentiality >= 2
	AND db_sheet_empty(a) $$,
	'データベースの対策の欄が全て空です。記入してください。',
	'Nothing is recorded about the database; fill in its columns.');
