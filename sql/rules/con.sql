-- CON: nothing is on a network that the 情報システム管理者 has not let in, 4.1(2)②(c).  What has ended is
-- judged no more: no rule stands in the way of taking something off a network.
SELECT rule('CON-01', 'asset', 'F', 'error', 'net_zone', '4.1(2)②(c), 6.1.1(2)①, 6.8(2)①(d)',
	$$ a.net_zone IN ('internal', 'dmz')
	AND a.asset_type IN ('server', 'terminal', 'nas', 'mfp', 'special_device') AND asset_is_live(a.state)
	AND NOT EXISTS (SELECT FROM network_connection c WHERE c.asset = a.asset_no
		AND c.permitted_on <= act_today() AND (c.valid_to IS NULL OR c.valid_to >= act_today())
		AND (c.ended_on IS NULL OR c.ended_on > act_today())) $$,
	'ネットワークへの接続許可がありません。情報システム管理者の許可を受け、接続許可に登録してください。',
	'No connection is permitted: ask the 情報システム管理者, and register the permission.');
SELECT rule('CON-02', 'network_connection', 'R', 'error', 'network', '6.8(2)①(a), 2.2(2)②表',
	$$ NOT network_carries(a.asset, a.network) AND (a.ended_on IS NULL OR a.ended_on > act_today()) $$,
	'この資産の機密性は、接続先ネットワークの上限を超えています。別のネットワークを選んでください。',
	'The asset is rated above what the network (機密性の上限) may carry; choose another.');
SELECT rule('CON-03', 'network_connection', 'R', 'error', 'permitted_by', '4.1(2)②(c)',
	$$ NOT has_office(a.permitted_by, 'sysadmin', a.institution, a.permitted_on)
	AND NOT request_handed_on(a.request, 'network_connection', a.institution, a.permitted_by)
	AND (a.ended_on IS NULL OR a.ended_on > act_today()) $$,
	'許可した人は、許可日に情報システム管理者（回付された申請ではその判断者）ではありません。許可できる人と日付を確かめてください。',
	'Who permitted was no 情報システム管理者 on that day, nor decided the application in an office above.');
SELECT rule('CON-04', 'network_connection', 'F', 'error', 'request', '4.1(2)②(c), 6.1.1(2)①',
	$$ a.request IS NOT NULL AND (a.ended_on IS NULL OR a.ended_on > act_today())
	AND (a.valid_to IS NULL OR a.valid_to >= act_today())
	AND NOT connection_permitted(a.request, a.institution, a.asset, a.network, a.valid_to) $$,
	'接続許可が失効しているか、この機器・ネットワーク・期限の許可ではありません。切断するか、改めて許可を受けてください。',
	'The permission is over, or is not for this asset, network and term: disconnect, or apply anew.');
SELECT rule('CON-05', 'network_connection', 'R', 'error', 'asset', '4.1(2)②(c), 2.1(2)⑥(c)',
	$$ (a.ended_on IS NULL OR a.ended_on > act_today()) AND asset_cut_off(a.asset) $$,
	'停止・遮断中、運用終了後又は紛失した資産は接続できません。切断日を入力するか、復旧してから改めて許可を受けてください。',
	'What is stopped, retired or lost is on no network: enter when it was disconnected, or apply anew once it is back.');
