/* Scopes of tokens and the addresses they are bound to: what is read, what is allowed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <org/address.h>
#include <org/token_scope.h>

static struct arena *arena;

static void
begin(void)
{
	arena = arena_new();
}

static void
end(void)
{
	arena_free(arena);
}

/* ---- form ------------------------------------------------------------------------------- */

static const char *const good[][2] = {
	{ "assets:read@hoshi", "assets:read@hoshi" },
	{ "media:*@*", "media:*" },
	{ "*:read", "*:read" },
	{ "*:*@umi", "*:*@umi" },
	{ "*:*@*", "*:*" },
	{ "asset-users:import", "asset-users:import" },
	{ "assets:write@a", "assets:write@a" },
	{ "read", "*:read" },
	{ "write", "*:write" },
	{ "import", "*:import" },
};

START_TEST(a_scope_is_read)
{
	struct token_scope s, again;
	const char *text;

	ck_assert_msg(token_scope_read(arena, good[_i][0], &s), "%s", good[_i][0]);
	text = token_scope_text(arena, &s);
	ck_assert_str_eq(text, good[_i][1]);
	ck_assert(token_scope_read(arena, text, &again));
	ck_assert_uint_eq(s.actions, again.actions);
	ck_assert(str_eq(s.ledger, again.ledger));
	ck_assert(str_eq(s.institution, again.institution));
}
END_TEST

static const char *const bad[] = { "", ":", "@", "*", "*@hoshi", "read@hoshi", "assets", "assets:",
	":read", "assets:read@", "assets:@hoshi", "assets:approve", "assets:reads", "assets:READ",
	"Assets:read", "assets :read", " assets:read", "assets:read ", "assets:read@hoshi@umi",
	"assets:read:write", "assets:read@Hoshi", "assets:read@-x", "assets:read@ho shi",
	"assets:read@ho,shi", "as}sets:read", "assets:read@\"x\"", "assets:**", "**:read",
	"assets:read@**", "9assets:read", "assets:read\n", "*:", "@hoshi:read", "NULL",
	"assets:read@hoshi/umi", "資産:read", "assets:rea",
	"assets:read@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

START_TEST(nonsense_is_refused)
{
	struct token_scope s = { .actions = 77 };

	ck_assert_msg(!token_scope_read(arena, bad[_i], &s), "%s", bad[_i]);
	ck_assert_uint_eq(s.actions, 77);
}
END_TEST

START_TEST(lists_are_whole)
{
	const struct token_scope *v = NULL;
	char many[TOKEN_SCOPES_MAX * 7 + 8] = "";
	size_t n = 99, i;

	ck_assert(token_scopes_read(arena, "*:read,media:write@umi", &v, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(v[1].ledger, "media");
	ck_assert_str_eq(v[1].institution, "umi");
	ck_assert(!token_scopes_read(arena, "", &v, &n));
	ck_assert(!token_scopes_read(arena, "*:read,", &v, &n));
	ck_assert(!token_scopes_read(arena, ",*:read", &v, &n));
	ck_assert(!token_scopes_read(arena, "*:read,,*:write", &v, &n));
	ck_assert(!token_scopes_read(arena, "*:read,nonsense", &v, &n));
	for (i = 0; i < TOKEN_SCOPES_MAX; i++)
		strncat(many, i == 0 ? "*:read" : ",*:read", 8);
	ck_assert(token_scopes_read(arena, many, &v, &n));
	strncat(many, ",*:read", 8);
	ck_assert(!token_scopes_read(arena, many, &v, &n));
	ck_assert_uint_eq(n, TOKEN_SCOPES_MAX);
}
END_TEST

START_TEST(wishes_name_what_there_is)
{
	static const char *const ledgers[] = { "assets", "media", NULL };
	static const char *const institutions[] = { "hoshi", NULL };
	static const struct token_names names = { ledgers, institutions };
	struct token_scope s;
	struct faults f;

	faults_init(&f, arena, 10);
	ck_assert(token_scope_check(arena, "assets:read@hoshi", &names, "x", &f, &s));
	ck_assert(token_scope_check(arena, "*:*", &names, "x", &f, &s));
	ck_assert_uint_eq(f.n, 0);
	ck_assert(!token_scope_check(arena, "assets:read@umi", &names, "x", &f, &s));
	ck_assert(!token_scope_check(arena, "tables:read@hoshi", &names, "x", &f, &s));
	ck_assert(!token_scope_check(arena, "assets:approve", &names, "x", &f, &s));
	ck_assert_uint_eq(f.n, 3);
	ck_assert_str_eq(f.v[0].code, "unknown_institution");
	ck_assert_str_eq(f.v[1].code, "unknown_ledger");
	ck_assert_str_eq(f.v[2].code, "bad_scope");
}
END_TEST

/* ---- what is allowed -------------------------------------------------------------------- */

static const char *const all_institutions[] = { "hoshi", "sora", "umi" };
static const struct appointment all_offices[] = {
	{ .office = OFFICE_SYSADMIN, .institution = "hoshi" },
	{ .office = OFFICE_ISM, .institution = "umi" },
	{ .office = OFFICE_GENERAL_ISO },
};

static struct principal
holder(const char *scopes)
{
	struct principal p = { .login = "a", .home = "hoshi", .account = "t",
		.institutions = all_institutions, .institution_count = 3,
		.offices = all_offices, .office_count = 3 };
	size_t i;

	if (scopes == NULL) {
		p.proof = PROOF_SESSION;
		p.scopes = 1U << SCOPE_READ | 1U << SCOPE_WRITE | 1U << SCOPE_IMPORT;
		return p;
	}
	ck_assert(token_scopes_read(arena, scopes, &p.token_scopes, &p.token_scope_count));
	for (i = 0; i < p.token_scope_count; i++)
		p.scopes |= p.token_scopes[i].actions;
	return p;
}

static const struct {
	const char *scopes, *ledger;
	enum scope scope;
	const char *institution;
	bool allowed;
} cases[] = {
	{ "*:read", "assets", SCOPE_READ, "hoshi", true },
	{ "*:read", "assets", SCOPE_WRITE, "hoshi", false },
	{ "*:read", "assets", SCOPE_IMPORT, "hoshi", false },
	{ "*:read", NULL, SCOPE_READ, NULL, true },
	{ "*:write", "assets", SCOPE_READ, NULL, false },
	{ "*:*", "media", SCOPE_IMPORT, "umi", true },
	{ "assets:read@hoshi", "assets", SCOPE_READ, "hoshi", true },
	{ "assets:read@hoshi", "assets", SCOPE_READ, "umi", false },
	{ "assets:read@hoshi", "media", SCOPE_READ, "hoshi", false },
	{ "assets:read@hoshi", "asset", SCOPE_READ, "hoshi", false },
	{ "assets:read@hoshi", "asset-users", SCOPE_READ, "hoshi", false },
	{ "assets:read@hoshi", "assets", SCOPE_WRITE, "hoshi", false },
	{ "assets:read@hoshi", NULL, SCOPE_READ, NULL, true },
	{ "assets:read@hoshi", NULL, SCOPE_WRITE, NULL, false },
	{ "assets:read@hoshi", NULL, SCOPE_READ, "umi", false },
	{ "assets:read@hoshi,media:write@umi", "media", SCOPE_WRITE, "umi", true },
	{ "assets:read@hoshi,media:write@umi", "media", SCOPE_WRITE, "hoshi", false },
	{ "assets:read@hoshi,media:write@umi", "assets", SCOPE_WRITE, "umi", false },
	{ "assets:read@hoshi,media:write@umi", "media", SCOPE_READ, "umi", false },
	{ "media:*@umi", "media", SCOPE_IMPORT, "umi", true },
	{ "media:*@umi", "media", SCOPE_IMPORT, NULL, true },
	{ "media:*@umi", "media", SCOPE_PUBLIC, NULL, false },
	{ NULL, "assets", SCOPE_WRITE, "umi", true },
	{ NULL, NULL, SCOPE_READ, NULL, true },
};

START_TEST(a_token_allows)
{
	struct principal p = holder(cases[_i].scopes);

	ck_assert_int_eq(token_allows(&p, cases[_i].ledger, cases[_i].scope,
				      cases[_i].institution), cases[_i].allowed);
}
END_TEST

START_TEST(nobody_is_allowed_nothing)
{
	struct principal p = { .proof = PROOF_TOKEN };

	ck_assert(!token_allows(NULL, "assets", SCOPE_READ, NULL));
	ck_assert(!token_allows(&p, "assets", SCOPE_READ, NULL));
	ck_assert(!token_allows(&p, NULL, SCOPE_READ, NULL));
}
END_TEST

START_TEST(only_tokens_are_tokens)
{
	struct principal p = { .proof = PROOF_TOKEN };

	ck_assert(principal_is_token(&p));
	p.proof = PROOF_SESSION;
	ck_assert(!principal_is_token(&p));
	p.proof = PROOF_PROXY;
	ck_assert(!principal_is_token(&p));
	ck_assert(!principal_is_token(NULL));
}
END_TEST

START_TEST(a_principal_is_narrowed)
{
	struct principal p = holder("assets:read@hoshi,media:write@umi");

	token_narrow(arena, &p, "assets", SCOPE_READ);
	ck_assert_uint_eq(p.scopes, 1U << SCOPE_READ);
	ck_assert_uint_eq(p.institution_count, 1);
	ck_assert_str_eq(p.institutions[0], "hoshi");
	/* the office at umi is gone, that for everywhere stays within hoshi */
	ck_assert_uint_eq(p.office_count, 2);
	ck_assert_int_eq(p.offices[0].office, OFFICE_SYSADMIN);
	ck_assert_int_eq(p.offices[1].office, OFFICE_GENERAL_ISO);
}
END_TEST

START_TEST(other_ledgers_are_closed)
{
	struct principal p = holder("assets:*@hoshi");

	token_narrow(arena, &p, "media", SCOPE_READ);
	ck_assert_uint_eq(p.scopes, 0);
	ck_assert_uint_eq(p.institution_count, 0);
	ck_assert_uint_eq(p.office_count, 0);
}
END_TEST

START_TEST(the_widest_stays_as_it_was)
{
	struct principal p = holder("*:*"), s = holder(NULL);

	token_narrow(arena, &p, "assets", SCOPE_WRITE);
	ck_assert_uint_eq(p.institution_count, 3);
	ck_assert_uint_eq(p.office_count, 3);
	ck_assert_uint_eq(p.scopes, s.scopes);
	token_narrow(arena, &s, "assets", SCOPE_WRITE);
	ck_assert(s.institutions == all_institutions);
	ck_assert(s.offices == all_offices);
}
END_TEST

/* ---- addresses -------------------------------------------------------------------------- */

static const char *const networks[][2] = {
	{ "192.0.2.7", "192.0.2.7" },
	{ "192.0.2.0/24", "192.0.2.0/24" },
	{ "192.0.2.7/32", "192.0.2.7" },
	{ "0.0.0.0/0", "0.0.0.0/0" },
	{ "2001:DB8::/32", "2001:db8::/32" },
	{ "2001:db8:0:0::1", "2001:db8::1" },
	{ "::/0", "::/0" },
	{ "::1", "::1" },
	{ "::ffff:192.0.2.0/120", "192.0.2.0/24" },
	{ "unix", "unix" },
};

START_TEST(an_address_is_read)
{
	const char *text = NULL;

	ck_assert_msg(address_read(arena, networks[_i][0], &text), "%s", networks[_i][0]);
	ck_assert_str_eq(text, networks[_i][1]);
}
END_TEST

static const char *const no_networks[] = { "", "*", "any", "Unix", "unix:", "localhost", "192.0.2",
	"192.0.2.256", "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "/24", "192.0.2.0/-1",
	"192.0.2.0/24/24", " 192.0.2.1", "192.0.2.1 ", "192.0.2.1,192.0.2.2", "0x7f.0.0.1",
	"192.0.2.0/24\n", "2001:db8::/129", "2001:db8::1/32", "2001:db8:::1", "fe80::1%eth0",
	"[::1]", "127.1", "::ffff:192.0.2.1/100", "192.0.2.0/2a",
	"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111" };

START_TEST(no_address_is_refused)
{
	const char *text = "untouched";

	ck_assert_msg(!address_read(arena, no_networks[_i], &text), "%s", no_networks[_i]);
	ck_assert_str_eq(text, "untouched");
}
END_TEST

static const struct {
	const char *list, *peer;
	bool allowed;
} peers[] = {
	{ "", "192.0.2.1", true },
	{ "", "unix", true },
	{ "192.0.2.1", "192.0.2.1", true },
	{ "192.0.2.1", "192.0.2.2", false },
	{ "192.0.2.1", "unix", false },
	{ "unix", "unix", true },
	{ "unix", "127.0.0.1", false },
	{ "unix", "::1", false },
	{ "0.0.0.0/0", "unix", false },
	{ "0.0.0.0/0,::/0", "unix", false },
	{ "0.0.0.0/0", "203.0.113.9", true },
	{ "0.0.0.0/0", "2001:db8::1", false },
	{ "::/0", "2001:db8::1", true },
	{ "::/0", "192.0.2.1", false },
	{ "192.0.2.0/25", "192.0.2.127", true },
	{ "192.0.2.0/25", "192.0.2.128", false },
	{ "192.0.2.128/25", "192.0.2.127", false },
	{ "10.0.0.0/8", "11.0.0.0", false },
	{ "2001:db8::/33", "2001:db8:7fff::1", true },
	{ "2001:db8::/33", "2001:db8:8000::1", false },
	{ "192.0.2.0/24", "::ffff:192.0.2.9", true },
	{ "192.0.2.0/24", "::ffff:192.0.3.9", false },
	{ "10.0.0.0/8,192.0.2.0/24,unix", "192.0.2.9", true },
	{ "10.0.0.0/8,192.0.2.0/24,unix", "unix", true },
	{ "10.0.0.0/8,192.0.2.0/24,unix", "172.16.0.1", false },
	{ "192.0.2.1", "192.0.2.1.evil.example", false },
	{ "192.0.2.1", "", false },
	{ "damaged,unix,192.0.2.1", "192.0.2.1", true },
	{ "damaged", "192.0.2.1", false },
};

START_TEST(a_peer_is_covered)
{
	ck_assert_msg(address_allows(peers[_i].list, peers[_i].peer) == peers[_i].allowed,
		      "%s for %s", peers[_i].list, peers[_i].peer);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("token_scope");
	TCase *t = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(t, begin, end);
	tcase_add_loop_test(t, a_scope_is_read, 0, (int)ARRAY_SIZE(good));
	tcase_add_loop_test(t, nonsense_is_refused, 0, (int)ARRAY_SIZE(bad));
	tcase_add_test(t, lists_are_whole);
	tcase_add_test(t, wishes_name_what_there_is);
	tcase_add_loop_test(t, a_token_allows, 0, (int)ARRAY_SIZE(cases));
	tcase_add_test(t, nobody_is_allowed_nothing);
	tcase_add_test(t, only_tokens_are_tokens);
	tcase_add_test(t, a_principal_is_narrowed);
	tcase_add_test(t, other_ledgers_are_closed);
	tcase_add_test(t, the_widest_stays_as_it_was);
	tcase_add_loop_test(t, an_address_is_read, 0, (int)ARRAY_SIZE(networks));
	tcase_add_loop_test(t, no_address_is_refused, 0, (int)ARRAY_SIZE(no_networks));
	tcase_add_loop_test(t, a_peer_is_covered, 0, (int)ARRAY_SIZE(peers));
	suite_add_tcase(suite, t);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
