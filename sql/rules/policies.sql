-- Defaults for the whole 機構, replaced at each migration; a 機関 overrides them with rows of its own.
-- The standard says 定期的, 速やかに, 一定期間; the numbers are a choice.
INSERT INTO policy AS p (name, days) VALUES
('inventory', 365), -- 2.2(1)
('media_check', 180), -- 2.1(2)④(f)
('software_review', 365), -- 6.2(2)②(a)
('config_check', 180), -- 6.2(2)②(b)
('vuln_check', 90), -- 7.2.1(2)③
('access_review', 365), -- 7.1.3(2)③
('webapp_vuln', 180), -- 6.1.4(2)③
('zone_check', 365), -- 6.5(2)⑤
('mfp_check', 365), -- 6.7(2)①(b)
('net_review', 365), -- 6.8(2)③
('nas_backup', 31), -- 6.11(2)④
('restore_test', 365), -- 6.11(2)④
('firmware', 180), -- 6.11(2)⑥(a)
('ismap_check', 365), -- 5.2(1)
('contract_check', 365), -- 5.1(2)②
('contact_check', 365), -- 2.1(2)③
('cert_warn', 30), -- 6.4(2)④
('permit_warn', 30),
('sanitise', 90), -- 6.1.1(2)⑤
('exception_max', 365), -- 2.3(2)⑤
('ciso_report', 7), -- 2.3(2)⑤
('convert_deadline', 30), -- 2.1(2)⑧(f)
('takeout_max', 31), -- 4.1(2)②(f)
('install_max', 90), -- 2.1(2)⑧(f)
('start_max', 180), -- 2.1(2)⑧(f)
('cert_keep', 1825), -- 6.11(2)⑤(b)
('finding_due', 90) -- 3.4.1(2)③
ON CONFLICT (policy_no) DO UPDATE SET days = excluded.days, row_version = p.row_version + 1,
	updated_by = acting_person(), updated_at = now()
	WHERE p.days IS DISTINCT FROM excluded.days;

-- 完全性 and 可用性 are used by number and defined nowhere in the standard, so their criteria are
-- empty; restrictions of 機密性 add up from level to level (2.2(2)②表).
INSERT INTO rating_level AS r (axis, level, label_ja, restrictions) VALUES
('confidentiality', 1, '機密性1', '{}'),
('confidentiality', 2, '機密性2（機構外秘）', '{limited_storage,encrypt_transfer,irrecoverable_disposal,trusted_network}'),
('confidentiality', 3, '機密性3（秘密）', '{org_terminal_only,minimal_copy,locked_storage,limited_storage,encrypt_transfer,irrecoverable_disposal,trusted_network}'),
('confidentiality', 4, '機密性4（極秘）', '{no_copy,designated_place,isolated_only,org_terminal_only,minimal_copy,locked_storage,limited_storage,encrypt_transfer,irrecoverable_disposal,trusted_network}'),
('integrity', 1, '完全性1', NULL),
('integrity', 2, '完全性2', NULL),
('integrity', 3, '完全性3', NULL),
('availability', 1, '可用性1', NULL),
('availability', 2, '可用性2', NULL),
('availability', 3, '可用性3', NULL)
ON CONFLICT (level_no) DO UPDATE SET label_ja = excluded.label_ja,
	restrictions = excluded.restrictions, row_version = r.row_version + 1,
	updated_by = acting_person(), updated_at = now()
	WHERE (r.label_ja, r.restrictions) IS DISTINCT FROM (excluded.label_ja, excluded.restrictions);
