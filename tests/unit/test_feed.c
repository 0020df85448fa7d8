/* What consumers are sent, and where it may go: addresses, URLs, signatures, waits, letters. */
#include <string.h>

#include <check.h>

#include "../suite.h"

#include <feed/attempt.h>
#include <feed/notices.h>
#include <feed/page.h>
#include <feed/target.h>

static const char *const public[] = { "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255",
	"100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255", "172.15.255.255",
	"172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
	"223.255.255.255", "2001:200::1", "2400:4000::1", "2a00:1450::1", "::ffff:1.1.1.1" };

static const char *const closed[] = { "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
	"100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254",
	"172.16.0.0", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1",
	"198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
	"239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1",
	"fd12:3456::1", "ff02::1", "2001::1", "2001:db8::1", "2002:a00:1::1", "3fff::1",
	"64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "fec0::1", "::ffff:10.0.0.1",
	"::ffff:127.0.0.1", "::10.0.0.1", "nonsense", "", "unix", "1.1.1.1/8" };

START_TEST(public_addresses)
{
	ck_assert_msg(target_is_public(public[_i]), "%s", public[_i]);
	ck_assert(target_may_connect("", public[_i], false));
	ck_assert_msg(!target_may_connect("", public[_i], true), "http to %s", public[_i]);
}
END_TEST

START_TEST(other_addresses)
{
	ck_assert_msg(!target_is_public(closed[_i]), "%s", closed[_i]);
	ck_assert_msg(!target_may_connect("", closed[_i], false), "%s", closed[_i]);
}
END_TEST

START_TEST(allowed_networks)
{
	struct arena *a = arena_new();
	const char *list = NULL;

	ck_assert(target_allow_read(a, " 10.1.0.0/16,  fd00::/8 127.0.0.1", &list));
	ck_assert_str_eq(list, "10.1.0.0/16,fd00::/8,127.0.0.1");
	ck_assert(target_may_connect(list, "10.1.2.3", false));
	ck_assert(target_may_connect(list, "::ffff:10.1.2.3", false));
	ck_assert(!target_may_connect(list, "10.2.0.1", false));
	ck_assert(target_may_connect(list, "fd77::1", false));
	ck_assert(!target_may_connect(list, "10.1.2.3", true)); /* plain http: loopback alone */
	ck_assert(target_may_connect(list, "127.0.0.1", true));
	ck_assert(!target_may_connect(list, "127.0.0.2", true));
	ck_assert(target_allow_read(a, "", &list));
	ck_assert_str_eq(list, "");
	list = "kept";
	ck_assert(!target_allow_read(a, "10.0.0.1/8", &list));
	ck_assert(!target_allow_read(a, "unix", &list));
	ck_assert(!target_allow_read(a, "example.org", &list));
	ck_assert_str_eq(list, "kept");
	arena_free(a);
}
END_TEST

static const struct {
	const char *url, *allow, *code; /* NULL: fine */
} urls[] = {
	{ "https://hooks.example.ac.jp/x?y=z", "", NULL },
	{ "https://1.1.1.1:8443/", "", NULL },
	{ "https://10.0.0.1/", "10.0.0.0/8", NULL },
	{ "http://127.0.0.1:9/", "127.0.0.0/8", NULL },
	{ "http://localhost:9/", "127.0.0.1", NULL },
	{ "HTTPS://EXAMPLE.ORG/", "", NULL },
	{ "http://example.org/", "0.0.0.0/0", "https_needed" },
	{ "http://10.0.0.1/", "10.0.0.0/8", "https_needed" },
	{ "gopher://example.org/", "", "https_needed" },
	{ "https://10.0.0.1/", "", "private_address" },
	{ "https://[::1]/", "", "private_address" },
	{ "https://[64:ff9b::a00:1]/", "", "private_address" },
	{ "https://2130706433/", "", "private_address" },
	{ "https://0177.0.0.1/", "", "private_address" },
	{ "https://localhost/", "", "private_address" },
	{ "https://u@example.org/", "", "url_with_user" },
	{ "https://example.org/#f", "", "url_with_user" },
	{ "https://example.org/\r\nX: y", "", "bad_url" },
	{ "https://exa mple.org/", "", "bad_url" },
	{ "example.org", "", "bad_url" },
	{ "", "", "bad_url" },
};

START_TEST(urls_of_hooks)
{
	const struct target_fault *f = target_check(urls[_i].url, urls[_i].allow);

	ck_assert_msg(str_eq(f == NULL ? NULL : f->code, urls[_i].code), "%s: %s", urls[_i].url,
		      f == NULL ? "fine" : f->code);
}
END_TEST

/* The example that the specification itself gives. */
START_TEST(signature_of_the_specification)
{
	static const uint8_t secret[24] = { 0x31, 0xf2, 0x90, 0xf6, 0xbf, 0x06, 0x29, 0x8a, 0xab,
		0x4f, 0x08, 0xd4, 0x3c, 0x3f, 0x08, 0x2c, 0xf6, 0x48, 0xa3, 0x62, 0xda, 0x2d, 0xa4,
		0xb0 };
	struct arena *a = arena_new();

	ck_assert_str_eq(attempt_secret_text(a, secret, sizeof(secret)),
			 "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
	ck_assert_str_eq(attempt_sign(a, secret, sizeof(secret), "msg_p5jXN8AQM9LWM0D4loKWxJek",
				      1614265330, "{\"test\": 2432232314}"),
			 "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	arena_free(a);
}
END_TEST

START_TEST(waits_grow_and_end)
{
	int64_t before = 0, least, most;
	int n;

	for (n = 1; n < ATTEMPTS_MAX; n++) {
		least = attempt_again_s(n, 0);
		ck_assert(least > before);
		for (most = 0; most < 1000; most++) {
			int64_t w = attempt_again_s(n, (uint32_t)most * 4294967);

			ck_assert(w >= least && w <= least + least / 5);
		}
		before = least;
	}
	ck_assert(attempt_again_s(1, 0) != attempt_again_s(1, 1)); /* jitter */
	ck_assert_int_eq(attempt_again_s(ATTEMPTS_MAX, 5), -1);
	ck_assert_int_eq(attempt_again_s(0, 5), -1);
	ck_assert_int_eq(attempt_again_s(1000, 5), -1);
}
END_TEST

START_TEST(addresses_of_letters)
{
	static const char *const good[] = { "a@b", "taro.yamada+x@example.ac.jp", "x'y@a-b.jp" };
	static const char *const bad[] = { "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y",
		"a@b>", "<a@b>", "a@b,c@d", "\"a\"@b", "山@b", "a@山", "a@-b", "a@.b", "a\n@b" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		ck_assert_msg(letter_address_fine(good[i]), "%s", good[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(!letter_address_fine(bad[i]), "%s", bad[i]);
}
END_TEST

/* Whatever stands in the data, the letter has the headers that it has. */
START_TEST(letters_take_no_header)
{
	const struct notice_job j = { .no = "7", .email = "a@b.jp", .purpose = "act",
		.object = "R1\r\nBcc: evil@example.org", .kind = "重要\r\n\r\nサーバ新規設置許可",
		.state = "submitted", .lines = "[]" };
	struct arena *a = arena_new();
	const char *p, *end;
	struct buf b;
	size_t lines = 0;

	buf_init(&b, 1024 * 1024);
	letter_write(a, &j, "d@b.jp", "https://x", 1700000000, &b);
	ck_assert_ptr_null(strstr(buf_text(&b), "Bcc"));
	ck_assert_ptr_nonnull(strstr(buf_text(&b), "Date: Wed, 15 Nov 2023 07:13:20 +0900\r\n"));
	end = strstr(buf_text(&b), "\r\n\r\n");
	ck_assert_ptr_nonnull(end);
	for (p = buf_text(&b); p < end; p += strcspn(p, "\r") + 2) {
		ck_assert_uint_le(strcspn(p, "\r"), 78);
		lines++;
	}
	ck_assert_uint_ge(lines, 9);
	for (p = buf_text(&b); *p != '\0'; p++)
		ck_assert_msg((unsigned char)*p < 0x80, "not ASCII");
	buf_release(&b);
	arena_free(a);
}
END_TEST

START_TEST(types_of_events)
{
	static const char *const good[] = { "asset.created", "asset_user.updated", "medium.deleted",
		"request.approved", "request.*", "appointment.created", "attachment.created" };
	static const char *const bad[] = { "", "asset", "asset.", ".created", "asset.approved", "*",
		"assets.created", "asset.created.x", "token.created", "request.gone" };
	const struct feed_types some = { .v = { "request.*", "asset.updated" }, .n = 2 };
	const struct feed_types all = { .n = 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		ck_assert_msg(feed_type_known(good[i]), "%s", good[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(!feed_type_known(bad[i]), "%s", bad[i]);
	ck_assert(feed_type_fits(&all, "unit.created"));
	ck_assert(feed_type_fits(&some, "request.approved"));
	ck_assert(feed_type_fits(&some, "asset.updated"));
	ck_assert(!feed_type_fits(&some, "asset.created"));
	ck_assert(!feed_type_fits(&some, "requests.x"));
}
END_TEST

START_TEST(cursors)
{
	const struct feed_place p = { .sysid = "7300000000000000001", .seat = 3, .xid = 12345,
		.id = INT64_MAX };
	struct feed_place back = { .seat = 0 };
	struct arena *a = arena_new();
	const char *text = feed_cursor(a, &p);

	ck_assert(feed_cursor_read(a, text, &back));
	ck_assert_str_eq(back.sysid, p.sysid);
	ck_assert(back.seat == 3 && back.xid == 12345 && back.id == INT64_MAX);
	ck_assert(!feed_cursor_read(a, "", &back));
	ck_assert(!feed_cursor_read(a, "MS4x", &back));
	ck_assert(!feed_cursor_read(a, arena_printf(a, "%sA", text), &back));
	ck_assert(feed_before(&(struct feed_place){ .xid = 1, .id = 9 },
			      &(struct feed_place){ .xid = 2, .id = 1 }));
	ck_assert(!feed_before(&p, &p));
	arena_free(a);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("feed");
	TCase *t = tcase_create("feed");

	tcase_add_loop_test(t, public_addresses, 0, (int)ARRAY_SIZE(public));
	tcase_add_loop_test(t, other_addresses, 0, (int)ARRAY_SIZE(closed));
	tcase_add_test(t, allowed_networks);
	tcase_add_loop_test(t, urls_of_hooks, 0, (int)ARRAY_SIZE(urls));
	tcase_add_test(t, signature_of_the_specification);
	tcase_add_test(t, waits_grow_and_end);
	tcase_add_test(t, addresses_of_letters);
	tcase_add_test(t, letters_take_no_header);
	tcase_add_test(t, types_of_events);
	tcase_add_test(t, cursors);
	suite_add_tcase(s, t);
	return suite_run(s);
}
