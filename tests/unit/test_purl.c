/* Package URLs: what is canonical, what is none. */
#include <stdio.h>
#include <string.h>

#include <exchange/purl.h>

#include "../suite.h"

static const char *
canonical(struct arena *arena, const char *text)
{
	const char *why = NULL;
	struct purl p;

	if (!purl_read(arena, text, &p, &why)) {
		ck_assert_ptr_nonnull(why);
		return NULL;
	}
	return purl_text(arena, &p);
}

static const char *const good[][2] = {
	{ "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie", NULL },
	{ "PKG:DEB/Debian/Curl@7.50.3-1", "pkg:deb/debian/curl@7.50.3-1" },
	{ "pkg:deb/debian/libc6@2.36-9+deb12u4?arch=amd64",
	  "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64" },
	{ "pkg:deb/debian/bind9@1%3A9.18.24-1", "pkg:deb/debian/bind9@1:9.18.24-1" },
	{ "pkg:Rpm/Fedora/curl@7.50.3-1.fc25?Distro=fedora-25&Arch=i386",
	  "pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25" },
	{ "pkg:rpm/GConf@4-1?epoch=1", NULL }, /* names of rpm keep their case */
	{ "pkg:pypi/Django_package@1.11.1.dev1", "pkg:pypi/django-package@1.11.1.dev1" },
	{ "pkg:npm/@Scope/Name", "pkg:npm/%40scope/name" },
	{ "pkg:npm/%40scope/name@1.0.0", NULL },
	{ "pkg:github/Some/Repo@abc", "pkg:github/some/repo@abc" },
	{ "pkg:maven/org.Group/Art@1.0#src//./../main/", "pkg:maven/org.Group/Art@1.0#src/main" },
	{ "pkg:///generic/x", "pkg:generic/x" },
	{ "pkg:generic/x@1?b=2&a=1&c=", "pkg:generic/x@1?a=1&b=2" },
	{ "pkg:generic/a/b/c@1", NULL },
	{ "pkg:generic/a//b/c@1", "pkg:generic/a/b/c@1" },
	{ "pkg:generic/%E8%A6%B3%E6%B8%AC@1.0%20beta", NULL },
	{ "pkg:generic/x@", "pkg:generic/x" },
	{ "pkg:docker/c/i@sha256:244f?repository_url=gcr.io/a", NULL },
};

START_TEST(canonical_spelling)
{
	const char *want = good[_i][1] == NULL ? good[_i][0] : good[_i][1];
	struct arena *arena = arena_new();
	const char *once = canonical(arena, good[_i][0]);

	ck_assert_pstr_eq(once, want);
	ck_assert_pstr_eq(canonical(arena, once), want); /* and stays so */
	arena_free(arena);
}
END_TEST

static const char *const bad[] = {
	"", "pkg", "pkg:", "pkg:/", "deb/debian/curl@1", "http://example.org/x", "pkg:deb",
	"pkg:deb/", "pkg:maven/@1.3.4", "pkg:maven/org/@1.3.4", "pkg:3nginx/nginx@0.8.9",
	"pkg:n&g?inx/nginx@0.8.9", "pkg:nginx:a/nginx@0.8.9", "pkg%3Amaven/org/io",
	"pkg:npm/x@1?in%20production=true", "pkg:npm/x@1?novalue", "pkg:npm/x@1?=v",
	"pkg:npm/x@1?a=1&A=2", "pkg:npm/x%00y@1", "pkg:npm/x%FFy@1", "pkg:npm/a%2Fb/c@1",
	"pkg:npm/x%0Ay",
};

START_TEST(no_package_url)
{
	struct arena *arena = arena_new();

	ck_assert_msg(canonical(arena, bad[_i]) == NULL, "%s was read", bad[_i]);
	arena_free(arena);
}
END_TEST

_Static_assert(ARRAY_SIZE(bad) >= ARRAY_SIZE(good), "as many must-fail as must-pass cases");

START_TEST(parts)
{
	struct arena *arena = arena_new();
	const char *why;
	struct purl p;

	ck_assert(purl_read(arena, "pkg:npm/%40a/b@1%2F2?arch=x%26y&epoch=2#s", &p, &why));
	ck_assert_str_eq(p.type, "npm");
	ck_assert_str_eq(p.namespace, "@a");
	ck_assert_str_eq(p.name, "b");
	ck_assert_str_eq(p.version, "1/2");
	ck_assert_str_eq(purl_qualifier(&p, "arch"), "x&y");
	ck_assert_ptr_null(purl_qualifier(&p, "distro"));
	ck_assert_str_eq(p.subpath, "s");
	ck_assert_str_eq(purl_full_name(arena, &p), "@a/b");
	ck_assert(purl_read(arena, "pkg:deb/debian/curl@1", &p, &why));
	ck_assert_str_eq(purl_full_name(arena, &p), "curl");
	arena_free(arena);
}
END_TEST

START_TEST(ceilings)
{
	struct arena *arena = arena_new();
	char text[PURL_MAX + 2] = "pkg:generic/";
	const char *why;
	struct purl p;
	size_t i;

	memset(text + 12, 'x', sizeof(text) - 13);
	ck_assert(!purl_read(arena, text, &p, &why));
	text[PURL_MAX] = '\0';
	ck_assert(purl_read(arena, text, &p, &why));
	p = (struct purl){ .type = "generic", .name = "x" };
	ck_assert_ptr_nonnull(purl_text(arena, &p));
	p.name = "";
	ck_assert_ptr_null(purl_text(arena, &p));
	p.name = "x";
	p.type = "not a type";
	ck_assert_ptr_null(purl_text(arena, &p));
	snprintf(text, sizeof(text), "pkg:generic/x?");
	for (i = 0; i <= PURL_QUALIFIERS_MAX; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "k%c=1&",
			 (char)('a' + i));
	ck_assert(!purl_read(arena, text, &p, &why));
	arena_free(arena);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("purl");
	TCase *c = tcase_create("purl");

	tcase_add_loop_test(c, canonical_spelling, 0, (int)ARRAY_SIZE(good));
	tcase_add_loop_test(c, no_package_url, 0, (int)ARRAY_SIZE(bad));
	tcase_add_test(c, parts);
	tcase_add_test(c, ceilings);
	suite_add_tcase(s, c);
	return suite_run(s);
}
