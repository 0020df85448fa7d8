/*
 * version.h: by hand, and against dpkg and rpm themselves.  Versions are sorted by our order; dpkg
 * and rpm then judge each pair of neighbours, so that a few thousand questions settle the order of
 * all pairs, and our own answer to each of those is compared with the place in the list.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "../suite.h"

#include <base/version.h>

/* ---- by hand ---------------------------------------------------------------------------- */

struct pair {
	enum version_order order;
	const char *a, *than, *b; /* "<" or "=" */
};

static const struct pair pairs[] = {
	{ VERSION_DEB, "1.0~rc1-1", "<", "1.0-1" },
	{ VERSION_DEB, "1.0~~", "<", "1.0~" },
	{ VERSION_DEB, "1.0~", "<", "1.0" },
	{ VERSION_DEB, "1.0", "=", "1.0-0" },
	{ VERSION_DEB, "1.0", "=", "0:1.0" },
	{ VERSION_DEB, "1.00", "=", "1.0" },
	{ VERSION_DEB, "9:0.1", "<", "10:0.1" },
	{ VERSION_DEB, "2.0", "<", "1:1.0" },
	{ VERSION_DEB, "1.9", "<", "1.10" },
	{ VERSION_DEB, "1.0", "<", "1.0a" },
	{ VERSION_DEB, "1.0a", "<", "1.0+" },
	{ VERSION_DEB, "1.0Z", "<", "1.0a" },
	{ VERSION_DEB, "1.0-1", "<", "1.0-1+b1" },
	{ VERSION_DEB, "3.0.15-1~deb12u1", "<", "3.0.15-1" },
	{ VERSION_DEB, "3.0.17-1~deb12u1", "<", "3.0.17-1~deb12u2" },
	{ VERSION_DEB, "1-2-1", "<", "1-2-2" },
	{ VERSION_DEB, "1.0", "<", "18446744073709551616" },
	{ VERSION_DEB, "", "<", "1" },
	{ VERSION_DEB, "~", "<", "" },
	{ VERSION_RPM, "1.0~rc1", "<", "1.0" },
	{ VERSION_RPM, "1.0", "<", "1.0^git1" },
	{ VERSION_RPM, "1.0^git1", "<", "1.0.1" },
	{ VERSION_RPM, "1.0^git1~pre", "<", "1.0^git1" },
	{ VERSION_RPM, "1.0^", "<", "1.0^a" },
	{ VERSION_RPM, "1.0", "=", "1_0" },
	{ VERSION_RPM, "1.0", "=", "1.0." },
	{ VERSION_RPM, "1.a", "<", "1.1" },
	{ VERSION_RPM, "1.0a", "<", "1.0.0" },
	{ VERSION_RPM, "1.0", "<", "1.0a" },
	{ VERSION_RPM, "0:1.0-1", "=", "1.0-1" },
	{ VERSION_RPM, "3.0.7-27.el9", "<", "1:3.0.7-2.el9" },
	{ VERSION_RPM, "3.0.7-6.el9_2", "<", "3.0.7-27.el9" },
	{ VERSION_RPM, "3.0.7", "<", "3.0.7-1" },
	{ VERSION_RPM, "1.0", "<", "99999999999999999999" },
	{ VERSION_RPM, "", "<", "1" },
	{ VERSION_SEMVER, "1.0.0-alpha", "<", "1.0.0-alpha.1" },
	{ VERSION_SEMVER, "1.0.0-alpha.1", "<", "1.0.0-alpha.beta" },
	{ VERSION_SEMVER, "1.0.0-beta.2", "<", "1.0.0-beta.11" },
	{ VERSION_SEMVER, "1.0.0-rc.1", "<", "1.0.0" },
	{ VERSION_SEMVER, "1.0.0-1", "<", "1.0.0" },
	{ VERSION_SEMVER, "1.0.0+a", "=", "1.0.0+b" },
	{ VERSION_SEMVER, "v1.9.0", "<", "1.10.0" },
	{ VERSION_SEMVER, "v0.0.0-20210101000000-abcdef", "<", "v0.0.0-20220101000000-abcdef" },
	{ VERSION_GENERIC, "1", "=", "1.0.0" },
	{ VERSION_GENERIC, "1.9", "<", "1.10" },
	{ VERSION_GENERIC, "1.0-rc1", "<", "1.0" },
	{ VERSION_GENERIC, "1.0rc1", "<", "1.0rc2" },
	{ VERSION_GENERIC, "1.0a1", "<", "1.0b1" },
	{ VERSION_GENERIC, "1.0.dev3", "<", "1.0" },
	{ VERSION_GENERIC, "1.1.1", "<", "1.1.1a" },
	{ VERSION_GENERIC, "1.1.1k", "<", "1.1.1w" },
	{ VERSION_GENERIC, "1.0", "<", "1.0.post1" },
	{ VERSION_GENERIC, "1.2.3_rc1-r0", "<", "1.2.3-r0" },
	{ VERSION_GENERIC, "1.2.3-r1", "<", "1.2.3-r10" },
	{ VERSION_GENERIC, "1.0.x", "<", "1.0.1" },
	{ VERSION_GENERIC, "1.0-SNAPSHOT", "<", "1.0" },
	{ VERSION_GENERIC, "2024 R1", "<", "2024 R2" },
	{ VERSION_GENERIC, "", "=", "0" },
};

static int
sign(int c)
{
	return (c > 0) - (c < 0);
}

START_TEST(by_hand)
{
	const struct pair *p = &pairs[_i];
	int wanted = p->than[0] == '<' ? -1 : 0;

	ck_assert_msg(sign(version_compare(p->order, p->a, p->b)) == wanted &&
		      sign(version_compare(p->order, p->b, p->a)) == -wanted,
		      "%s %s %s (%d)", p->a, p->than, p->b, (int)p->order);
}
END_TEST

START_TEST(types)
{
	ck_assert_int_eq(version_order_of("deb"), VERSION_DEB);
	ck_assert_int_eq(version_order_of("rpm"), VERSION_RPM);
	ck_assert_int_eq(version_order_of("npm"), VERSION_SEMVER);
	ck_assert_int_eq(version_order_of("pypi"), VERSION_GENERIC);
	ck_assert_int_eq(version_order_of("no such type"), VERSION_GENERIC);
	ck_assert_int_eq(version_order_of(NULL), VERSION_GENERIC);
}
END_TEST

/* ---- against the tools ------------------------------------------------------------------ */

#define MADE 1200
#define VERSIONS_MAX 4000
#define SIZE 80

static char versions[VERSIONS_MAX][SIZE];
static size_t count;
static unsigned seed;
static enum version_order sorted_by;

/* The same versions in each run. */
static unsigned
next(unsigned below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % below;
}

static void
append(char *v, const char *s)
{
	size_t n = strlen(v);

	ck_assert_uint_lt((size_t)snprintf(v + n, SIZE - n, "%s", s), SIZE - n);
}

static void
append_number(char *v, unsigned n, const char *after)
{
	char digits[16];

	snprintf(digits, sizeof(digits), "%u%s", n, after);
	append(v, digits);
}

static void
append_part(char *v, const char *const *pieces, size_t n, bool digit)
{
	size_t k;

	if (digit)
		append_number(v, next(3), "");
	for (k = 1 + next(6); k > 0; k--)
		append(v, pieces[next((unsigned)n)]);
}

/* A small alphabet, so that most pairs differ late or not at all. */
static void
make(enum version_order order)
{
	static const char *const deb[] = { ".", ".0", ".00", ".1", ".2", ".10", "~", "~rc1", "+",
		"+b1", "a", "b", "Z", "+dfsg", "0", "01", ".9", "~~", ".~", "rc" };
	static const char *const rpm[] = { ".", ".0", ".00", ".1", ".2", ".10", "~", "~rc1", "^",
		"^git1", "a", "b", "Z", "_", "+", "0", "01", ".9", "^~", "~^", "..", "el9", "rc" };
	const char *const *pieces = order == VERSION_DEB ? deb : rpm;
	size_t n = order == VERSION_DEB ? ARRAY_SIZE(deb) : ARRAY_SIZE(rpm);
	char *v = versions[count++];

	v[0] = '\0';
	if (next(4) == 0)
		append_number(v, next(3), ":");
	append_part(v, pieces, n, true);
	if (next(2) == 0) {
		append(v, "-");
		append_part(v, pieces, n, next(2) == 0);
	}
}

/* Those of a real machine: columns of `dpkg-query -W`. */
static void
add_real(void)
{
	const char *data = getenv("DAICHO_DATA");
	char path[4096], line[1024], name[512], version[SIZE];
	FILE *f;

	snprintf(path, sizeof(path), "%s/inventory/dpkg-query-bookworm.tsv",
		 data == NULL ? "" : data);
	f = fopen(path, "r");
	if (f == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL && count < VERSIONS_MAX)
		if (sscanf(line, "%511s %79s", name, version) == 2)
			snprintf(versions[count++], SIZE, "%s", version);
	fclose(f);
}

static int
by_order(const void *a, const void *b)
{
	return version_compare(sorted_by, a, b);
}

/* Does our order agree with the place in the sorted list, for all pairs? */
static void
check_all_pairs(void)
{
	size_t i, k, rank = 0;
	static size_t ranks[VERSIONS_MAX];

	for (i = 1; i < count; i++) {
		rank += version_compare(sorted_by, versions[i - 1], versions[i]) != 0;
		ranks[i] = rank;
	}
	for (i = 0; i < count; i++)
		for (k = 0; k < count; k++)
			ck_assert_msg(sign(version_compare(sorted_by, versions[i], versions[k])) ==
				      (ranks[i] > ranks[k]) - (ranks[i] < ranks[k]),
				      "%s, %s", versions[i], versions[k]);
}

/*
 * Writes pairs of neighbours for the tool, which prints those that it orders otherwise.  The first
 * is wrong: whoever does not say so has not understood the question.
 */
static void
check_neighbours(const char *before, const char *after)
{
	char path[] = "/tmp/daicho-versions-XXXXXX", command[1024], line[1024];
	int fd = mkstemp(path);
	FILE *f;
	size_t i;

	ck_assert_int_ge(fd, 0);
	f = fdopen(fd, "w");
	fputs("2.0 lt 1.0\n", f);
	for (i = 1; i < count; i++)
		fprintf(f, "%s %s %s\n", versions[i - 1],
			version_compare(sorted_by, versions[i - 1], versions[i]) < 0 ? "lt" : "eq",
			versions[i]);
	ck_assert_int_eq(fclose(f), 0);
	snprintf(command, sizeof(command), "%s%s%s", before, path, after);
	f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_msg(fgets(line, sizeof(line), f) != NULL, "no answer: %s", command);
	ck_assert_str_eq(line, "2.0 lt 1.0\n");
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
	ck_assert_msg(strcmp(line, "done\n") == 0, "ours is wrong: %s", line);
	ck_assert_int_eq(pclose(f), 0);
	unlink(path);
}

static void
prepare(enum version_order order)
{
	size_t i;

	sorted_by = order;
	seed = 1;
	count = 0;
	for (i = 0; i < MADE; i++)
		make(order);
	add_real();
	qsort(versions, count, SIZE, by_order);
}

START_TEST(as_dpkg_says)
{
	prepare(VERSION_DEB);
	check_all_pairs();
	check_neighbours("while read -r a than b; do dpkg --compare-versions \"$a\" $than \"$b\" "
			 "2>/dev/null || echo \"$a $than $b\"; done <", "; echo done");
}
END_TEST

/* One process for all: its Lua reads the file. */
START_TEST(as_rpm_says)
{
	prepare(VERSION_RPM);
	check_all_pairs();
	check_neighbours("rpm --eval '%{lua: for line in io.lines(\"",
			 "\") do local a, than, b = line:match(\"([^ ]+) ([^ ]+) ([^ ]+)\") "
			 "local c = rpm.vercmp(a, b) "
			 "if (than == \"lt\" and c >= 0) or (than == \"eq\" and c ~= 0) then "
			 "print(line .. \"\\n\") end end print(\"done\")}'");
}
END_TEST

/* Of the others nobody else judges: at least it is an order. */
START_TEST(is_an_order)
{
	prepare(_i == 0 ? VERSION_GENERIC : VERSION_SEMVER);
	check_all_pairs();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("version");
	TCase *t = tcase_create("order");

	tcase_add_loop_test(t, by_hand, 0, ARRAY_SIZE(pairs));
	tcase_add_test(t, types);
	tcase_add_test(t, as_dpkg_says);
	tcase_add_test(t, as_rpm_says);
	tcase_add_loop_test(t, is_an_order, 0, 2);
	tcase_set_timeout(t, 120);
	suite_add_tcase(s, t);
	return suite_run(s);
}
