-- Life of a row: ledger, act, from, to, who may, clause.  A row that counts is never erased.
SELECT life('asset', 'registration', 'draft', 'planned',
	'general_iso iso deputy_iso sysadmin important_admin operator registry_admin',
	'2.1(2)④(f)(g)', '登録', 'register');
-- The first inventory: it was in operation before the register was.
SELECT life('asset', 'registration', 'draft', 'in_operation',
	'general_iso iso deputy_iso sysadmin important_admin operator registry_admin',
	'2.2(1)', '初期棚卸しの登録', 'register what was in operation before',
	given => '{"adopted": true}');
SELECT life('asset', 'start', 'planned', 'in_operation',
	'general_iso iso deputy_iso sysadmin important_admin operator',
	'2.1(2)⑧(f), 7.2.1(2)①', '運用開始', 'begin operation', gated => true);
-- 機関CSIRT alone; who runs the system stops it, too.  Nobody approves, no rule refuses.
SELECT life('asset', 'suspension', 'in_operation', 'suspended',
	'general_iso iso deputy_iso sysadmin important_admin csirt_member csirt_leader',
	'2.1(2)⑥(c)', '緊急停止・遮断', 'stop or cut off at once',
	tells => 'sysadmin important_admin operator');
SELECT life('asset', 'resumption', 'suspended', 'in_operation',
	'general_iso iso deputy_iso sysadmin important_admin csirt_member csirt_leader',
	'3.3(2)②(d)', '復旧', 'put back into operation');
SELECT life('asset', 'retirement', 'planned in_operation suspended', 'retired',
	'general_iso iso deputy_iso sysadmin important_admin operator registry_admin',
	'6.1.1(2)⑤, 6.2(2)③', '運用終了', 'end operation');
SELECT life('asset', 'sanitisation', 'retired', 'sanitised',
	'general_iso iso deputy_iso sysadmin important_admin',
	'3.1(2)⑤(b), 6.2(2)③', '抹消の確認', 'confirm that the media are sanitised', gated => true);
SELECT life('asset', 'disposal', 'sanitised', 'disposed',
	'general_iso iso deputy_iso sysadmin important_admin operator',
	'3.1(2)⑤(b), 6.9(2)③', '廃棄・搬出・再利用', 'dispose of it or give it away', gated => true);
SELECT life('asset', 'loss', 'planned in_operation suspended retired', 'lost',
	'general_iso iso deputy_iso sysadmin important_admin operator',
	'3.3(2)②(a)', '紛失・盗難の届出', 'report it lost or stolen');
SELECT life('asset', 'recovery', 'lost', 'suspended',
	'general_iso iso deputy_iso sysadmin important_admin operator',
	'3.3(2)②(d)', '発見・回収', 'found again, to be looked at first');
-- What applications do, decided as their kind says (sql/functions/54-workflow-effects.sql).
SELECT life('asset', 'permitted_start', 'planned', 'in_operation', '', '2.1(2)⑧(f)',
	'許可を受けた重要サーバの運用開始（申請による）', 'begin operation, reported as permitted',
	gated => true);
SELECT life('asset', 'revocation', 'in_operation', 'suspended', '', '2.1(2)⑧(f)',
	'許可の取消しによる停止（申請による）', 'stopped, as its permission was revoked');
SELECT life('asset', 'use_ended', 'planned in_operation suspended', 'retired', '',
	'6.1.3(2), 4.3(2)①(b), 5.2(2)①', '利用終了・廃止（申請による）',
	'its use has ended, reported by an application');
-- whoever decides in the end: the administrator, or one to whom it was handed on (4.1)
SELECT life('asset', 'confirmed_sanitisation', 'retired', 'sanitised', '',
	'3.1(2)⑤(b), 6.2(2)③', '抹消の確認（申請による）',
	'confirm that the media are sanitised, by an application', gated => true);
SELECT life('asset', 'transfer', 'in_operation', 'transferred', '', '2.1(2)②(a), ④(f)',
	'移管（申請による）', 'handed to another institution, by an application');
SELECT life('asset', 'takeover', 'draft', 'in_operation', '', '2.1(2)②(a), ④(f)',
	'移管の受入れ（申請による）', 'received from another institution, by an application',
	given => '{"adopted": true}');

SELECT life('external_media', 'registration', 'draft', 'stored',
	'general_iso iso deputy_iso ism sysadmin operator registry_admin',
	'2.1(2)④(h)', '登録', 'register');
SELECT life('external_media', 'use', 'stored', 'in_use',
	'general_iso iso deputy_iso ism sysadmin operator',
	'2.1(2)④(h)', '使用', 'take into use');
SELECT life('external_media', 'storage', 'in_use', 'stored',
	'general_iso iso deputy_iso ism sysadmin operator',
	'2.2(2)②表', '保管', 'put back into storage');
-- A movement that is recorded takes it out and back.
SELECT life('external_media', 'take_out', 'stored in_use', 'taken_out', '',
	'3.1(2)④(a), 4.1(2)②(f)', '持出（持出記録による）', 'taken out, by a movement');
SELECT life('external_media', 'return', 'taken_out', 'stored', '',
	'3.1(2)④(a)', '返却（持出記録による）', 'brought back, by a movement');
SELECT life('external_media', 'loss', 'stored in_use taken_out retired', 'lost',
	'general_iso iso deputy_iso ism sysadmin operator',
	'3.3(2)②(a)', '紛失・盗難の届出', 'report it lost or stolen');
SELECT life('external_media', 'recovery', 'lost', 'stored',
	'general_iso iso deputy_iso ism sysadmin operator',
	'3.3(2)②(d)', '発見・回収', 'found again');
SELECT life('external_media', 'retirement', 'stored in_use', 'retired',
	'general_iso iso deputy_iso ism sysadmin operator registry_admin',
	'3.1(2)⑤(b)', '使用終了', 'end use');
SELECT life('external_media', 'sanitisation', 'retired', 'sanitised',
	'general_iso iso deputy_iso sysadmin',
	'3.1(2)⑤(b)', '抹消の確認', 'confirm that it is sanitised', gated => true);
SELECT life('external_media', 'confirmed_sanitisation', 'retired', 'sanitised', '',
	'3.1(2)⑤(b)', '抹消の確認（申請による）', 'confirm that it is sanitised, by an application',
	gated => true);
SELECT life('external_media', 'disposal', 'sanitised', 'disposed',
	'general_iso iso deputy_iso ism sysadmin operator',
	'3.1(2)⑤(b)', '廃棄', 'dispose of it', gated => true);
