-- DOS: what the internet reaches and must not fail, 7.2.3(2).
SELECT rule('DOS-01', 'asset', 'F', 'error', 'dos_measure', '7.2.3(2)①②',
	$$ a.availability >= 3 AND a.internet_inbound AND coalesce(btrim(a.dos_measure), '') = ''
	AND asset_is_live(a.state) $$,
	'可用性3でインターネットからアクセスを受けます。サービス不能攻撃への対策を講じて記入してください。',
	'可用性3 and reached from the internet: guard against denial of service, and say how.');
SELECT rule('DOS-02', 'asset', 'F', 'error', 'dos_monitored', '7.2.3(2)③',
	$$ a.availability >= 3 AND a.internet_inbound AND a.dos_monitored IS NOT TRUE AND asset_is_live(a.state) $$,
	'サービス不能攻撃を受ける機器・回線を決めて監視し、その旨を登録してください。',
	'Decide what is watched for denial of service, watch it, and say so here.');
