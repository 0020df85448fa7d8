-- 別表 and the lines that the text of 3.1(2)④(b) adds to it.  The first line that fits holds:
--   1  a cloud service without 利用承認, whatever the rating
--   2  機密性4
--   3  services that can be trusted (ウ): their own line, not a way round 4 or the 利用承認
--   4  the table; a cloud service that is neither ※ nor such a service is read as ファイル転送アプリ,
--      for the exemption from encryption is for ※ alone
INSERT INTO transfer_rule (step, levels, means, service, destinations, approved, verdict, clause, ja,
	en, workflow, permission, encryption) VALUES
(1, '{1,2,3,4}', '{cloud_share,file_transfer}', NULL, NULL, false, 'DENY', '4.1(2)②(g)',
	'不可（機関CISOの利用承認を得ていないサービス）', 'No: the service has no approval by the CISO of the institution', 'cloud_use', NULL, false),
-- what applies from level 2 up applies here too, so a permission does not lift encryption
(2, '{4}', '{mail,cloud_share,file_transfer}', NULL, NULL, NULL, 'DENY_P', '3.1(2)④(b)エ, 2.2(2)②表 機密性4, 別表',
	'原則禁止（機関CISOの許可がある場合を除く）', 'Forbidden unless the CISO of the institution permits it', 'send_share', 'inst_ciso', true),
(3, '{2,3}', '{cloud_share,file_transfer}', '{trusted}', NULL, NULL, 'ALLOW', '3.1(2)④(b)ウ',
	'可（信頼性を確保できるサービス）', 'Yes: a service that can be trusted', NULL, NULL, false),
(4, '{1}', '{mail,cloud_share,file_transfer}', NULL, NULL, NULL, 'ALLOW', '別表', '可', 'Yes', NULL, NULL, false),
(4, '{2}', '{mail}', NULL, NULL, NULL, 'ENC', '別表, 3.1(2)④(b)ア', '可（要暗号化）', 'Yes, encrypted', NULL, NULL, true),
(4, '{2,3}', '{cloud_share}', '{core}', NULL, NULL, 'ALLOW', '別表, 3.1(2)④(b)ア', '可', 'Yes', NULL, NULL, false),
(4, '{2}', '{cloud_share}', '{none,other}', NULL, NULL, 'ENC', '3.1(2)④(b)ア, 別表', '可（要暗号化）', 'Yes, encrypted', NULL, NULL, true),
(4, '{2}', '{file_transfer}', NULL, NULL, NULL, 'ENC', '別表, 3.1(2)④(b)ア', '可（要暗号化）', 'Yes, encrypted', NULL, NULL, true),
-- ④(b)ア would let it pass encrypted; the table is stricter and is referred to
(4, '{3}', '{mail}', NULL, NULL, NULL, 'DENY', '別表, 3.1(2)④(b)ア', '不可', 'No', NULL, NULL, false),
(4, '{3}', '{cloud_share}', '{none,other}', '{internal}', NULL, 'DENY', '3.1(2)④(b)ア, 別表', '不可', 'No', NULL, NULL, false),
(4, '{3}', '{cloud_share}', '{none,other}', '{other_institution,outside}', NULL, 'PERMIT_ENC', '3.1(2)④(b)ア, 別表',
	'機関CISO許可により可（要暗号化）', 'With permission of the CISO of the institution, encrypted', 'send_share', 'inst_ciso', true),
(4, '{3}', '{file_transfer}', NULL, '{internal}', NULL, 'DENY', '別表', '不可', 'No', NULL, NULL, false),
(4, '{3}', '{file_transfer}', NULL, '{other_institution,outside}', NULL, 'PERMIT_ENC', '別表',
	'機関CISO許可により可（要暗号化）', 'With permission of the CISO of the institution, encrypted', 'send_share', 'inst_ciso', true),
-- carried on a medium; not in the table
(4, '{1}', '{media}', NULL, NULL, NULL, 'ALLOW', '3.1(2)②(c)(d)', '可', 'Yes', NULL, NULL, false),
(4, '{2,3}', '{media}', NULL, NULL, NULL, 'ENC', '3.1(2)②(c)(d)', '可（要暗号化）', 'Yes, encrypted', NULL, NULL, true),
(4, '{4}', '{media}', NULL, NULL, NULL, 'PERMIT_ENC', '3.1(2)④(a), 4.1(2)②(f)',
	'情報セキュリティ管理者の許可により可（要暗号化・安全管理措置）', 'With permission of the security manager, encrypted, with safety measures', 'media_takeout', 'ism', true);

INSERT INTO transfer_reminder (levels, means, service, destinations, clause, ja, en, workflow) VALUES
('{3}', '{mail}', NULL, NULL, '別表, 3.1(2)④(b)ア',
	'暗号化しても機密性3はメールで送れません。コアサービスでの共有などに替えてください。',
	'Not even encrypted: share it in a core service instead.', NULL),
('{3}', '{file_transfer}', '{none,core,other}', '{internal}', '別表',
	'機関内では、コアサービスでの共有が前提です。', 'Within the institution, share it in a core service.', NULL),
('{2,3}', '{cloud_share}', '{none,other}', NULL, '3.1(2)④(b)ア, ウ',
	'コアサービスでも信頼性を確保できるサービスでもないものとして、ファイル転送アプリと同じに扱いました。',
	'Read as a file transfer application: neither a core service nor one that can be trusted.', NULL),
('{1,2,3,4}', '{cloud_share}', NULL, NULL, '4.1(2)②(g)',
	'機関CISOの利用承認を得たサービスに限ります。', 'Only services that the CISO of the institution has approved.', 'cloud_use'),
('{2,3}', '{mail,cloud_share,file_transfer}', NULL, NULL, '3.1(2)④(b)イ',
	'宛先をもう一度確かめ、送信の遅延や共有期限の設定などで誤送信に備えてください。',
	'Check the recipient again; delay sending, limit the time of sharing.', NULL),
('{2,3,4}', '{mail,cloud_share,file_transfer,media}', NULL, NULL, '3.1(2)③(b)(c)',
	'閲覧制限の範囲外の相手には、先に情報セキュリティ管理者の許可を得て、取扱い上の注意を伝えてください。',
	'Outside the circle of readers the security manager permits it first; tell the recipient how to handle it.', 'provide_outside'),
('{2,3,4}', '{media}', NULL, NULL, '3.1(2)②(c)',
	'媒体は支給品を使います。支給品以外は情報セキュリティ管理者の許可が要ります。',
	'Use an issued medium; any other needs the permission of the security manager.', 'non_issued_media'),
('{4}', '{media}', NULL, NULL, '3.1(2)④(a), 4.1(2)②(f)',
	'要管理対策区域の外に持ち出すときの許可です。区域の中だけで使う限りは要りません。',
	'The permission is for leaving a controlled area; within it none is needed.', NULL),
('{4}', '{mail,cloud_share,file_transfer,media}', NULL, NULL, '2.2(2)②表 機密性4',
	'複製・配付と、指定場所以外でのアクセスには、別に機関CISOの許可が要ります。',
	'Copies and access away from the designated place need a permission of the CISO of the institution of their own.', 'c4_handling');
