-- INF, ZTA: what other systems are run and guarded with, 6.13 and 7.3.
SELECT rule('INF-01', 'asset', 'F', 'warning', 'infra_protection', '6.13(2)①②③',
	$$ a.asset_type = 'infra_software' AND asset_is_live(a.state)
	AND (num_nulls(a.infra_level_procedure, a.infra_incident_procedure) > 0
	OR coalesce(btrim(a.infra_protection), '') = ''
	OR coalesce(btrim(a.infra_detection_measure), '') = '') $$,
	'水準維持と対処の2つの手順、保護措置、検知の対策を全て登録してください。',
	'Record both procedures, the protection and the detection.');
-- One asset in the scope says nothing about how many systems take part, so the lead is always
-- asked for.
SELECT rule('ZTA-01', 'asset', 'F', 'warning', 'dynamic_access_control', '7.3.1(2)①③',
	$$ a.dynamic_access_control AND asset_is_live(a.state)
	AND NOT (document_exists(a.institution, 'zta_policy')
	AND office_filled(a.institution, 'zta_lead')) $$,
	'横断的な責任者を選び、アクセス制御ポリシーの文書を登録してください。',
	'Choose who leads dynamic access control and register its policy.');
