-- NETX: answers about the network that cannot all be true.  IP6: 6.12.
SELECT rule('NETX-01', 'asset', 'R', 'error', 'internet_inbound', '2.1(2)②(d), 7.2.3(2)①',
	$$ a.external_public AND a.internet_inbound IS NOT TRUE $$,
	'外部公開なら、インターネットからアクセスを受けます。どちらかを直してください。',
	'What is public (外部公開の情報資産) is reached from the internet; correct one of the two.');
SELECT rule('NETX-02', 'asset', 'R', 'error', 'net_zone', '2.2(2)②表 機密性4',
	$$ a.net_zone = 'standalone'
	AND (a.external_public OR a.internet_inbound OR a.remote_access <> 'none') $$,
	'スタンドアロンなのに、外部公開・インターネットからのアクセス・リモートアクセスのいずれかがあります。接続形態を確かめてください。',
	'Stand-alone, yet public or reached from outside: check how it is connected.');
SELECT rule('IP6-01', 'asset', 'F', 'info', 'ipv6_mode', '6.12(2)①(b), ②',
	$$ a.ipv6_mode = 'unmanaged' AND a.net_zone <> 'standalone' AND asset_is_live(a.state) $$,
	'IPv6を使うなら脅威への対策を、使わないなら抑止を行い、登録してください。',
	'Decide about IPv6: provide for its threats, or turn it off.');
