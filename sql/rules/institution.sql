-- EC, DOC: what a 機関 keeps ready, 2.1(2)④ and the manuals.
SELECT rule('EC-01', 'emergency_contact', 'F', 'warning', 'confirmed_on', '2.1(2)③, ④(d), 3.3(2)①(b)',
	$$ a.confirmed_on IS NULL
	OR a.confirmed_on < act_today() - policy_days('contact_check', a.institution)
	OR person_left(a.person) $$,
	'連絡先が今も正しいかを確かめて確認日を更新し、退職者は差し替えてください。',
	'Confirm that the contact is right, record the day, and replace who has left.');
SELECT rule('EC-02', 'institution', 'F', 'error', NULL, '2.1(2)④(d)',
	$$ a.active AND NOT contacts_complete(a.code) $$,
	'機関の緊急連絡網に、機関CISO・情報セキュリティ責任者・機関CSIRT・情報セキュリティ管理者・情報システム管理者の全員を載せてください。',
	'Enter every 機関CISO, 情報セキュリティ責任者, CSIRT member, 情報セキュリティ管理者 and 情報システム管理者 in the list of the 機関.');
SELECT rule('DOC-01', 'institution', 'F', 'warning', NULL, '4.1(2)①(b), 3.3(2)①(a), 6.1.2(2)①, 5.2(2)②',
	$$ a.active AND NOT (document_exists(a.code, 'media_manual')
	AND document_exists(a.code, 'incident_report') AND document_exists(a.code, 'telework')
	AND document_exists(a.code, 'cloud_manual')) $$,
	'外部電磁的記録媒体、インシデントの報告、テレワーク、クラウドの手順を全て登録してください。',
	'Register the procedures for external media, incident reports, telework and the cloud.');
