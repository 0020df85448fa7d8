/* What the look-up finds stands beside the row policies: the same rows, and no others. */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../suite.h"
#include "db_fixture.h"
#include "two_institutions.h"

/* Each row has an address, a place and software that another of the other 機関 has as well. */
static void
lookup_begin(void)
{
	two_begin();
	free(fixture_sql("UPDATE asset SET ip_addrs = ARRAY['192.0.2.' || right(asset_no, 1)],"
		" mac_addrs = '{00:00:5e:00:53:01}', os_name = 'Kumo Linux',"
		" web_fqdn = '{www.example.ac.jp}', location_area = institution || '-a1'"
		" WHERE state <> 'draft';"
		"UPDATE asset SET network_cidrs = '{192.0.2.0/29}' WHERE asset_no IN ('Hits1',"
		" 'Uits1');"
		"INSERT INTO asset_software (institution, asset, software_name, version)"
		" SELECT institution, asset_no, 'Kurage', '1.0' FROM asset WHERE state <> 'draft';"
		"INSERT INTO system_catalogue (catalogue_no, institution, asset, version_no)"
		" SELECT 'K' || asset_no, institution, asset_no, 7 FROM asset"
		" WHERE asset_no IN ('Hits2', 'Hits4', 'Uits2');"
		"INSERT INTO catalogue_software (catalogue, institution, software_name, version,"
		" type)"
		" SELECT catalogue_no, institution, 'kurage', '2.0', 'deb' FROM system_catalogue"
		" WHERE status = 'draft' AND catalogue_no IN ('KHits2', 'KHits4', 'KUits2');"
		"UPDATE system_catalogue SET status = 'submitted', submitted_at = now(),"
		" csirt_visible_at = now(), submitted_by = 'admin.' || institution,"
		" network = '[{\"host\": \"kurage.example.ac.jp\", \"ip\": \"203.0.113.9\"}]'"
		" WHERE catalogue_no IN ('KHits2', 'KHits4', 'KUits2')"));
}

#define LOW "Hfar1,Hfar2,Hfar3,Hits1,Hits2,Hits3,Hlab1,Hlab2,Hlab3"

static const struct {
	const char *person, *office, *reach, *sees;
	const char *software; /* NULL: of what is seen */
} seers[] = {
	{ "ism", "csirt_member", "inin-", LOW, "Hfar1,Hfar2,Hfar3,Hits1,Hits2,Hits3,Hits4,Hlab1,"
	  "Hlab2,Hlab3" },
	{ "iso", "iso", "iiii4", "Hfar1,Hfar2,Hfar3,Hfar4,Hits1,Hits2,Hits3,Hits4,Hlab1,Hlab2,"
	  "Hlab3,Hlab4" },
	{ "admin", "sysadmin", "oooo-", "Hits1,Hits2,Hits3,Hits4,Hlab1,Hlab2,Hlab3,Hlab4" },
	{ "other", "sysadmin", "oooo-", "Hfar1,Hfar2,Hfar3,Hfar4" },
	{ "user", "staff", "onon-", "Hfar4" },
	{ "user", "incident_desk", "nnnn-", "" },
};

/* Ways in which all rows are found, if they are seen. */
static const char *const finders[] = {
	"lookup_find(NULL, '192.0.2.0/24', '{ip,network}', 99)",
	"lookup_find('{00:00:5e:00:53:01}', NULL, '{mac}', 99)",
	"lookup_find('{shared.example.ac.jp}', NULL, '{host}', 99)",
	"lookup_find('{www.example.ac.jp}', NULL, '{host}', 99)",
	"lookup_find('{観測}', NULL, '{name}', 99)",
	"lookup_find('{kumo}', NULL, '{os}', 99)",
	"lookup_find('{観測}', NULL, '{mac,host,name,person,place,os,text}', 99)",
	"lookup_find('{本館}', NULL, '{place}', 99)",
};

START_TEST(rows_are_those_of_the_policies)
{
	size_t i;

	two_act(seers[_i].person, seers[_i].office, "hoshi", seers[_i].reach);
	ck_assert_str_eq(two_one("SELECT string_agg(asset_no, ',' ORDER BY asset_no) FROM asset "
				 "WHERE state <> 'draft'"), seers[_i].sees);
	for (i = 0; i < ARRAY_SIZE(finders); i++)
		ck_assert_msg(strcmp(two_one(arena_printf(two_arena, "SELECT string_agg("
			"DISTINCT key COLLATE \"C\", ',' ORDER BY key COLLATE \"C\") FROM "
			"%s", finders[i])), seers[_i].sees) == 0, "%s", finders[i]);
	ck_assert_str_eq(two_one("SELECT string_agg(asset_no, ',' ORDER BY asset_no) FROM "
				 "asset_whose WHERE state <> 'draft'"), seers[_i].sees);
	ck_assert_str_eq(two_one("SELECT string_agg(DISTINCT asset COLLATE \"C\", ',' ORDER BY "
				 "asset COLLATE \"C\") FROM software_named('kurage', NULL, NULL)"),
			 seers[_i].software != NULL ? seers[_i].software : seers[_i].sees);
}
END_TEST

/* Persons and areas of another 機関 lead nowhere, nor does an act without any. */
START_TEST(strangers_find_nothing)
{
	size_t i;

	two_act("ism", "csirt_member", "hoshi", "inin-");
	ck_assert_str_eq(two_one("SELECT count(*) FROM lookup_find('{admin.umi}', NULL, "
				 "'{person}', 99)"), "0");
	ck_assert_str_eq(two_one("SELECT count(*) FROM lookup_find('{admin.hoshi}', NULL, "
				 "'{person}', 99)"), "6");
	ck_assert_str_eq(two_one("SELECT count(*) FROM lookup_find('{umi-a1}', NULL, "
				 "'{place}', 99)"), "0");
	two_tx.ctx.scope = two_tx.ctx.write_scope = "{}";
	for (i = 0; i < ARRAY_SIZE(finders); i++)
		ck_assert_str_eq(two_one(arena_printf(two_arena, "SELECT count(*) FROM %s",
						      finders[i])), "0");
	ck_assert_str_eq(two_one("SELECT count(*) FROM software_named('kurage', NULL, NULL)"), "0");
}
END_TEST

/* 2.1(2)⑧(e): of a server that 機関CSIRT does not see it reads the catalogue, and no more. */
START_TEST(by_nothing_but_the_catalogue)
{
	two_act("ism", "csirt_member", "hoshi", "inin-");
	ck_assert_str_eq(two_one("SELECT concat_ws('|', asset_no, name, state, hostname, "
		"catalogue, persons -> 0 ->> 'login', stop) FROM asset_whose "
		"WHERE asset_no = 'Hits4'"),
		"Hits4|KHits4|admin.hoshi");
	ck_assert_str_eq(two_one("SELECT string_agg(asset || ' ' || version || ' ' || recorded_in, "
		"',') FROM software_named('kurage', NULL, NULL) WHERE asset = 'Hits4'"),
		"Hits4 2.0 catalogue");
	ck_assert_str_eq(two_one("SELECT string_agg(key, ',' ORDER BY key) FROM lookup_find(NULL, "
				 "'203.0.113.9', '{ip,network}', 99)"), "Hits2,Hits4");
	ck_assert_str_eq(two_one("SELECT string_agg(key, ',' ORDER BY key) FROM lookup_find("
				 "'{kurage.example.ac.jp}', NULL, '{host}', 99)"), "Hits2,Hits4");
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset_whose WHERE asset_no = 'Uits2'"), "0");
	two_act("other", "sysadmin", "hoshi", "oooo-");
	ck_assert_str_eq(two_one("SELECT count(*) FROM asset_whose WHERE asset_no = 'Hits4'"), "0");
	ck_assert_str_eq(two_one("SELECT count(*) FROM lookup_find(NULL, '203.0.113.9', "
				 "'{ip,network}', 99)"), "0");
}
END_TEST

START_TEST(the_catalogue_says_more_than_the_ledger)
{
	two_act("iso", "iso", "hoshi", "iiii4");
	ck_assert_str_eq(two_one("SELECT string_agg(concat_ws(' ', asset, version, recorded_in), "
		"',' ORDER BY asset COLLATE \"C\", version) FROM software_named('KURAGE', NULL, "
		"'deb') WHERE asset IN ('Hits2', 'Hits3')"),
		"Hits2 1.0 ledger,Hits2 2.0 catalogue,Hits3 1.0 ledger");
	ck_assert_str_eq(two_one("SELECT count(*) FROM software_named('kurage', NULL, 'rpm') "
				 "WHERE recorded_in = 'catalogue'"), "0");
	free(fixture_sql("UPDATE asset_software SET version = '2.0' WHERE asset = 'Hits2'"));
	ck_assert_str_eq(two_one("SELECT count(*) FROM software_named('kurage', NULL, NULL) "
				 "WHERE asset = 'Hits2'"), "1");
}
END_TEST

/* Whatever stands in a column: an index entry must not fail. */
static const struct {
	const char *in, *low, *high;
} ranges[] = {
	{ "192.0.2.7", "192.0.2.7", "192.0.2.7" },
	{ "192.0.2.7/24", "192.0.2.0", "192.0.2.255" },
	{ "192.0.2.9-192.0.2.3", "192.0.2.3", "192.0.2.9" },
	{ "192.0.2.9-2001:db8::1", "192.0.2.9", "192.0.2.9" },
	{ "2001:db8::/126", "2001:db8::", "2001:db8::3" },
	{ "0.0.0.0/0", "0.0.0.0", "255.255.255.255" },
	{ "192.0.2", "", "" }, { "x", "", "" }, { "", "", "" }, { "-", "", "" },
	{ "192.0.2.7/33", "", "" },
};

START_TEST(ranges_of_addresses)
{
	ck_assert_str_eq(two_one(arena_printf(two_arena, "SELECT host(low) FROM "
					      "address_range('%s')", ranges[_i].in)),
			 ranges[_i].low);
	ck_assert_str_eq(two_one(arena_printf(two_arena, "SELECT host(high) FROM "
					      "address_range('%s')", ranges[_i].in)),
			 ranges[_i].high);
	(void)two_one(arena_printf(two_arena, "SELECT address_keys('{\"%s\"}')", ranges[_i].in));
}
END_TEST

/* Every address is found by its keys in every network and range around it. */
START_TEST(keys_meet_wherever_addresses_do)
{
	static const struct {
		const char *base, *step, *lengths;
	} families[] = {
		{ "10.0.0.0", "(i * 7919) % 16777216", "{8,9,12,16,17,23,24,25,30,31,32}" },
		{ "2001:db8::", "i * 7919", "{32,33,48,49,64,65,96,127,128}" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(families); i++)
		ck_assert_str_eq(two_one(arena_printf(two_arena, "SELECT count(*) FROM (SELECT "
			"host('%s'::inet + %s) AS a FROM generate_series(1, 300) i) x, "
			"unnest('%s'::integer[]) n, LATERAL (SELECT text(network(set_masklen("
			"a::inet, n))::inet) AS net) y "
			"WHERE NOT (address_keys(ARRAY[net]) && address_sought(a)) "
			"OR NOT (address_keys(ARRAY[a]) && address_sought(net))",
			families[i].base, families[i].step, families[i].lengths)), "0");
	ck_assert_str_eq(two_one("SELECT count(*) FROM generate_series(0, 255) i WHERE NOT "
		"address_keys('{10.0.0.100-10.0.1.17}') && address_sought('10.0.' || i / 128 || "
		"'.' || CASE WHEN i < 128 THEN 100 + i % 128 ELSE i % 18 END)"), "0");
	/* a neighbour is not among them */
	ck_assert_str_eq(two_one("SELECT address_keys('{10.0.0.1}') && "
				 "address_sought('10.0.0.2')"), "f");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("lookup");
	TCase *t = tcase_create("rows");

	tcase_add_unchecked_fixture(t, lookup_begin, two_end);
	tcase_add_checked_fixture(t, two_open, two_close);
	tcase_add_loop_test(t, rows_are_those_of_the_policies, 0, ARRAY_SIZE(seers));
	tcase_add_test(t, strangers_find_nothing);
	tcase_add_test(t, by_nothing_but_the_catalogue);
	tcase_add_loop_test(t, ranges_of_addresses, 0, ARRAY_SIZE(ranges));
	tcase_add_test(t, keys_meet_wherever_addresses_do);
	tcase_add_test(t, the_catalogue_says_more_than_the_ledger);
	tcase_set_timeout(t, 120);
	suite_add_tcase(s, t);
	return suite_run(s);
}
