/* Descriptors and values: what is read from JSON (strict) and from cells (as people write). */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../suite.h"

#include <base/json.h>
#include <exchange/cell.h>
#include <ledger/record.h>

static struct arena *arena;
static struct faults faults;

static void
begin(void)
{
	arena = arena_new();
	faults_init(&faults, arena, 100);
}

static void
end(void)
{
	arena_free(arena);
}

/* What a cell becomes; the code of the fault after '!' when it is refused; "NULL". */
static const char *
cell(const char *field, const char *text)
{
	const struct field *f = ledger_field(&ledger_asset, field);
	const char *v = NULL;

	ck_assert_ptr_nonnull(f);
	if (!value_from_cell(f, arena, text, strlen(text), 7, &faults, &v)) {
		ck_assert_int_eq(faults.v[faults.n - 1].line, 7);
		ck_assert_str_eq(faults.v[faults.n - 1].field, field);
		return arena_printf(arena, "!%s", faults.v[faults.n - 1].code);
	}
	return v == NULL ? "NULL" : v;
}

static const struct {
	const char *field, *text, *want;
} cells[] = {
	{ "has_personal_info", "該当", "t" }, { "has_personal_info", "○", "t" },
	{ "has_personal_info", "◯", "t" }, { "has_personal_info", "〇", "t" },
	{ "has_personal_info", "有", "t" }, { "has_personal_info", "あり", "t" },
	{ "has_personal_info", "はい", "t" }, { "has_personal_info", "要", "t" },
	{ "has_personal_info", "済", "t" }, { "has_personal_info", "Ｙ", "t" },
	{ "has_personal_info", "YES", "t" }, { "has_personal_info", "TRUE", "t" },
	{ "has_personal_info", "１", "t" }, { "has_personal_info", "レ", "t" },
	{ "has_personal_info", "☑", "t" }, { "has_personal_info", "*", "t" },
	{ "has_personal_info", "非該当", "f" }, { "has_personal_info", "×", "f" },
	{ "has_personal_info", "✕", "f" }, { "has_personal_info", "無", "f" },
	{ "has_personal_info", "なし", "f" }, { "has_personal_info", "いいえ", "f" },
	{ "has_personal_info", "不要", "f" }, { "has_personal_info", "未", "f" },
	{ "has_personal_info", "-", "f" }, { "has_personal_info", "－", "f" },
	{ "has_personal_info", "該当なし", "f" }, { "has_personal_info", "false", "f" },
	{ "has_personal_info", "0", "f" }, { "has_personal_info", "☐", "f" },
	{ "has_personal_info", "", "NULL" }, { "has_personal_info", "　", "NULL" },
	{ "has_personal_info", "不明", "NULL" }, { "has_personal_info", "確認中", "NULL" },
	{ "has_personal_info", "たぶん", "!not_boolean" },
	{ "has_personal_info", "2", "!not_boolean" },
	{ "confidentiality", "3", "3" }, { "confidentiality", "３", "3" },
	{ "confidentiality", "機密性3", "3" }, { "confidentiality", "機密性４", "4" },
	{ "confidentiality", "機密性2情報", "2" }, { "confidentiality", "Ⅳ", "4" },
	{ "confidentiality", "極秘", "4" }, { "confidentiality", "秘密", "3" },
	{ "confidentiality", "機構外秘", "2" }, { "confidentiality", "機密性1", "1" },
	{ "confidentiality", "0", "!unknown_choice" },
	{ "confidentiality", "5", "!unknown_choice" },
	{ "confidentiality", "高", "!unknown_choice" },
	{ "asset_type", "server", "server" }, { "asset_type", "サーバ装置", "server" },
	{ "asset_type", "ＮＡＳ", "nas" }, { "asset_type", "サーバー", "!unknown_choice" },
	{ "os_support_until", "令和7年3月27日", "2025-03-27" },
	{ "os_support_until", "R7.3.27", "2025-03-27" },
	{ "os_support_until", "2025/3/27", "2025-03-27" },
	{ "os_support_until", "29/9/1", "!two_digit_year" },
	{ "os_support_until", "2025-02-30", "!no_such_day" },
	{ "log_retention_days", "３６５", "365" }, { "log_retention_days", "0", "0" },
	{ "log_retention_days", "-1", "!out_of_range" },
	{ "log_retention_days", "99999999", "!out_of_range" },
	{ "log_retention_days", "1.5", "!out_of_range" },
	{ "hostname", "a.example.jp;b", "{\"a.example.jp\",\"b\"}" },
	{ "hostname", "a、b\nc", "{\"a\",\"b\",\"c\"}" },
	{ "hostname", ";;", "NULL" }, { "hostname", "a b", "!bad_format" },
	{ "ip_addrs", "192.0.2.1,2001:db8::1", "{\"192.0.2.1\",\"2001:db8::1\"}" },
	{ "ip_addrs", "192.0.2.0/24", "{\"192.0.2.0/24\"}" },
	{ "ip_addrs", "192.0.2.1-192.0.2.9", "{\"192.0.2.1-192.0.2.9\"}" },
	{ "ip_addrs", "192.0.2.256", "!bad_format" }, { "ip_addrs", "1.2.3.4/33", "!bad_format" },
	{ "mac_addrs", "00-00-5E-00-53-01", "{\"00:00:5e:00:53:01\"}" },
	{ "mac_addrs", "0000.5e00.5301", "{\"00:00:5e:00:53:01\"}" },
	{ "mac_addrs", "00:00:5e:00:53", "!bad_format" },
	{ "functions", "web;データベース", "{\"web\",\"database\"}" },
	{ "functions", "web;coffee", "!unknown_choice" },
	{ "name", "　望遠鏡　制御　", "望遠鏡　制御" }, { "name", " ", "NULL" },
	{ "name", "a\x01", "!control_character" }, { "name", "\xff", "!invalid_utf8" },
	{ "note", "一行目\r\n二行目", "一行目\n二行目" }, { "name", "a\nb", "!control_character" },
};

START_TEST(cells_are_read)
{
	ck_assert_str_eq(cell(cells[_i].field, cells[_i].text), cells[_i].want);
}
END_TEST

static const struct {
	bool json;
	const char *text, *want;
} moments[] = {
	{ true, "2026-11-25T09:00:00.123456Z", "2026-11-25T09:00:00.123456Z" },
	{ true, "2026-11-25T09:00Z", "2026-11-25T09:00Z" },
	{ true, "2026-11-25T18:00", "2026-11-25T18:00+09:00" },
	{ true, "2026-11-25 18:00", "2026-11-25T18:00+09:00" },
	{ true, "2026-11-25T18:00:30", "2026-11-25T18:00:30+09:00" },
	{ true, "2026-11-25T18:00+09:00", "2026-11-25T18:00+09:00" },
	{ true, "2026-11-25", "2026-11-25" },
	{ true, "2026-11-25T18:00+08:00", "!" }, { true, "2026-11-25T18:00z", "!" },
	{ true, "2026-11-25T18", "!" }, { true, "2026-11-25T", "!" }, { true, "T18:00", "!" },
	{ true, "2026-11-25T24:00", "!" }, { true, "2026-11-25T18:60", "!" },
	{ true, "2026-11-25T18:00:60", "!" }, { true, "2026-11-25T9:05", "!" },
	{ true, "2026-11-25T18:00:00.", "!" }, { true, "2026-11-25T18:00:00.1234567Z", "!" },
	{ true, "2026-11-25T18:00:00Z.Z", "!" }, { true, "2026-11-25T18: 1", "!" },
	{ true, "2026-11-25T18:+1", "!" }, { true, "2026-11-25T18:00 ", "!" },
	{ true, "2026-02-30T18:00", "!" }, { true, "2026/11/25 18:00", "!" },
	{ false, "2026/11/25 18:00", "2026-11-25T18:00+09:00" },
	{ false, "2026/11/5 9:05", "2026-11-05T9:05+09:00" },
	{ false, "2026/11/25 18:00:30", "2026-11-25T18:00:30+09:00" },
	{ false, "２０２６/１１/２５　１８：００", "2026-11-25T18:00+09:00" },
	{ false, "令和8年11月25日 18:00", "2026-11-25T18:00+09:00" },
	{ false, "2026-11-25T09:00:00.123456Z", "2026-11-25T09:00:00.123456z" },
	{ false, "2026/11/25", "2026-11-25" }, { false, "2026/11/25 25:00", "!" },
	{ false, "2026/11/25 18", "!" }, { false, "18:00", "!" }, { false, "26/11/25 18:00", "!" },
};

/* Moments: UTC, or the time of Japan; in a table as spreadsheets write them. */
START_TEST(moments_are_read)
{
	const struct field *f = ledger_field(&ledger_movement, "out_at");
	const char *s = moments[_i].text, *v = NULL;
	bool good = moments[_i].json ? value_from_json(f, arena, json_string(s), &faults, &v) :
		value_from_cell(f, arena, s, strlen(s), 7, &faults, &v);

	ck_assert_str_eq(good ? v : "!", moments[_i].want);
	if (!good)
		ck_assert_str_eq(faults.v[0].code, "bad_timestamp");
}
END_TEST

/* The whole document: codes of all faults, in order, or "ok". */
static const char *
document(const struct ledger *l, enum record_purpose purpose, const char *text)
{
	struct record r;
	struct buf b;
	const char *why, *codes;
	json_t *j;
	size_t i;

	ck_assert_int_eq(json_read(arena, text, strlen(text), &j, &why), OK);
	if (record_read(l, arena, j, purpose, &faults, &r) == OK)
		return "ok";
	buf_init(&b, 4096);
	for (i = 0; i < faults.n; i++)
		buf_addf(&b, "%s%s:%s", i == 0 ? "" : " ", faults.v[i].field, faults.v[i].code);
	codes = arena_strdup(arena, buf_text(&b));
	buf_release(&b);
	return codes;
}

static const struct {
	enum record_purpose purpose;
	const char *text, *want;
} documents[] = {
	{ RECORD_CREATE, "{\"institution\":\"hoshi\"}", "ok" },
	{ RECORD_CREATE, "{\"institution\":\"hoshi\",\"confidentiality\":3,\"hostname\":[\"a\"],"
	  "\"has_my_number\":false,\"os_support_until\":\"2026-01-31\"}", "ok" },
	{ RECORD_CREATE, "{\"institution\":\"hoshi\",\"name\":null}", "ok" },
	{ RECORD_PATCH, "{}", "ok" },
	{ RECORD_CREATE, "{}", "institution:required" },
	{ RECORD_CREATE, "{\"institution\":null}", "institution:required" },
	{ RECORD_PATCH, "{\"institution\":\"umi\"}", "institution:fixed" },
	{ RECORD_PATCH, "{\"state\":\"disposed\"}", "state:read_only" },
	{ RECORD_PATCH, "{\"asset_no\":\"A1\",\"colour\":1,\"name\":2}",
	  "asset_no:read_only colour:unknown_member name:wrong_type" },
	{ RECORD_PATCH, "{\"confidentiality\":\"3\"}", "confidentiality:wrong_type" },
	{ RECORD_PATCH, "{\"confidentiality\":5}", "confidentiality:unknown_choice" },
	{ RECORD_PATCH, "{\"asset_type\":\"サーバ装置\"}", "asset_type:unknown_choice" },
	{ RECORD_PATCH, "{\"has_my_number\":\"true\"}", "has_my_number:wrong_type" },
	{ RECORD_PATCH, "{\"hostname\":\"a\"}", "hostname:wrong_type" },
	{ RECORD_PATCH, "{\"hostname\":[1]}", "hostname:wrong_type" },
	{ RECORD_PATCH, "{\"hostname\":[\"a;b\"]}", "hostname:bad_format" },
	{ RECORD_PATCH, "{\"os_support_until\":\"令和7年3月27日\"}",
	  "os_support_until:unreadable_date" },
	{ RECORD_PATCH, "{\"log_retention_days\":1.0}", "log_retention_days:wrong_type" },
};

START_TEST(documents_are_read)
{
	ck_assert_str_eq(document(&ledger_asset, documents[_i].purpose, documents[_i].text),
			 documents[_i].want);
}
END_TEST

START_TEST(a_list_is_no_document)
{
	const char *why;
	struct record r;
	json_t *j;

	ck_assert_int_eq(json_read(arena, "[]", 2, &j, &why), OK);
	ck_assert_int_eq(record_read(&ledger_asset, arena, j, RECORD_CREATE, &faults, &r),
			 ERR_INVALID);
}
END_TEST

START_TEST(a_ledger_without_drafts_wants_its_columns)
{
	ck_assert_str_eq(document(&ledger_unit, RECORD_CREATE, "{\"code\":\"hoshi-x\"}"),
			 "institution:required name_ja:required unit_kind:required "
			 "valid_from:required");
}
END_TEST

/* Every writable value survives the way to the database and back into a cell and JSON. */
START_TEST(arrays_round_trip)
{
	static const char *const v[] = { "a", "with \"quotes\"", "back\\slash", "{brace}", "日本語" };
	const struct field *f = ledger_field(&ledger_asset, "hostname");
	const char *literal = array_literal(arena, v, ARRAY_SIZE(v)), *p = literal;
	struct buf b;
	size_t n = 0;

	buf_init(&b, 1000);
	while (array_next(&p, &b))
		ck_assert_str_eq(buf_text(&b), v[n++]);
	ck_assert_uint_eq(n, ARRAY_SIZE(v));
	buf_clear(&b);
	value_put_json(f, literal, &b);
	ck_assert_str_eq(buf_text(&b), "[\"a\",\"with \\\"quotes\\\"\",\"back\\\\slash\","
			 "\"{brace}\",\"日本語\"]");
	buf_release(&b);
}
END_TEST

START_TEST(cells_show_codes_or_labels)
{
	struct buf b, scratch;

	buf_init(&b, 1000);
	buf_init(&scratch, 1000);
	cell_put(ledger_field(&ledger_asset, "asset_type"), "nas", false, false, &scratch, &b);
	buf_addc(&b, ' ');
	cell_put(ledger_field(&ledger_asset, "confidentiality"), "3", true, false, &scratch, &b);
	buf_addc(&b, ' ');
	cell_put(ledger_field(&ledger_asset, "functions"), "{web,log}", false, false, &scratch,
		 &b);
	buf_addc(&b, ' ');
	cell_put(ledger_field(&ledger_asset, "name"), "=1+1", false, true, &scratch, &b);
	ck_assert_str_eq(buf_text(&b), "nas 機密性3（秘密） \"web;log\" '=1+1");
	buf_release(&b);
	buf_release(&scratch);
}
END_TEST

START_TEST(headers_are_found)
{
	ck_assert_str_eq(ledger_field_by_header(&ledger_asset, arena, "名称")->name, "name");
	ck_assert_str_eq(ledger_field_by_header(&ledger_asset, arena, "ＮＡＭＥ")->name, "name");
	ck_assert_str_eq(ledger_field_by_header(&ledger_asset, arena, " 機密性 ")->name,
			 "confidentiality");
	ck_assert_str_eq(ledger_field_by_header(&ledger_asset, arena, "システム管理者")->name,
			 "sysadmin");
	ck_assert_ptr_null(ledger_field_by_header(&ledger_asset, arena, "色"));
	ck_assert_ptr_null(ledger_field_by_header(&ledger_media, arena, "設置場所"));
}
END_TEST

START_TEST(labels_read_back_as_their_codes)
{
	int id;
	size_t i;

	for (id = 0; id < LEDGER__ALL; id++)
		for (i = 0; i < ledger_get(id)->count; i++) {
			const struct field *f = &ledger_get(id)->fields[i];
			const struct choice *c;

			for (c = f->choices; c != NULL && c->value != NULL; c++)
				ck_assert_str_eq(field_choice(f, arena, c->label)->value, c->value);
		}
}
END_TEST

START_TEST(the_tables_are_whole)
{
	ledgers_check();
	ck_assert_ptr_eq(ledger_by_path("assets"), &ledger_asset);
	ck_assert_ptr_null(ledger_by_path("asset"));
	/* is only looked at: there is nothing to import or to export */
	ck_assert_ptr_null(ledger_by_path("directory"));
	ck_assert_ptr_null(ledger_field(&ledger_asset, "no_such"));
}
END_TEST

START_TEST(no_such_ledger)
{
	ledger_get(LEDGER__ALL); /* aborts */
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ledger");
	TCase *t = tcase_create("ledger");

	tcase_add_checked_fixture(t, begin, end);
	tcase_add_loop_test(t, cells_are_read, 0, (int)ARRAY_SIZE(cells));
	tcase_add_loop_test(t, moments_are_read, 0, (int)ARRAY_SIZE(moments));
	tcase_add_loop_test(t, documents_are_read, 0, (int)ARRAY_SIZE(documents));
	tcase_add_test(t, a_list_is_no_document);
	tcase_add_test(t, a_ledger_without_drafts_wants_its_columns);
	tcase_add_test(t, arrays_round_trip);
	tcase_add_test(t, cells_show_codes_or_labels);
	tcase_add_test(t, headers_are_found);
	tcase_add_test(t, labels_read_back_as_their_codes);
	tcase_add_test(t, the_tables_are_whole);
	tcase_add_test_raise_signal(t, no_such_ledger, SIGABRT);
	suite_add_tcase(s, t);
	return suite_run(s);
}
