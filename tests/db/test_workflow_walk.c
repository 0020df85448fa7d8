/*
 * Random walks through all kinds of application, see walk.h: one of some thousand acts, or as many
 * as DAICHO_WALK says (`make walk`: 10⁵ acts together).  A walk that fails names its seed, which
 * DAICHO_WALK_SEED takes, and how far it was; DAICHO_WALK_EVERY=1 then names the act.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <check.h>

#include <base/clock.h>
#include <base/util.h>
#include "db_fixture.h"
#include "walk.h"

#define ACTS 2000
#define EVERY 250 /* acts between two looks of the oracle */

static struct walk_cover *cover; /* of all walks, each of which is a process of its own */

static long
setting(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text == NULL || text[0] == '\0' ? otherwise : strtol(text, NULL, 10);
}

static void
begin(void)
{
	cover = mmap(NULL, sizeof(*cover), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	ck_assert(cover != MAP_FAILED);
	fixture_begin();
	walk_organise();
}

static void
end(void)
{
	fixture_end();
	munmap(cover, sizeof(*cover));
}

static void
print_cover(const struct walk_cover *c)
{
	int k;

	printf("  %-26s %7s %7s %9s  %s\n", "kind", "steps", "decided", "granted",
	       "lines of its table that were walked");
	for (k = 0; k < c->kinds; k++)
		printf("  %-26s %7ld %7ld %9ld  %ld of %ld\n", c->code[k], c->taken[k],
		       c->decided[k], c->granted[k], c->lines_taken[k], c->lines[k]);
	fflush(stdout);
}

/* A walk that comes nowhere breaks nothing, either. */
static void
judge_cover(const struct walk_cover *c)
{
	int k;

	ck_assert_int_gt(c->kinds, 0);
	for (k = 0; k < c->kinds; k++)
		ck_assert_msg(c->decided[k] + c->granted[k] > 0,
			      "no application %s was ever decided", c->code[k]);
}

/* Is there a kind of which none was granted yet? */
static bool
lacks_any(const struct walk *w)
{
	size_t i;

	for (i = 0; i < json_array_size(w->kinds); i++)
		if (w->reached[i] == 0)
			return true;
	return false;
}

/* One that has not been everywhere goes on, four times as far at most. */
static void
take_walk(uint64_t seed)
{
	struct walk w;
	long every = setting("DAICHO_WALK_EVERY", EVERY), seen = 0;
	int64_t began = clock_mono_us();

	walk_open(&w, seed);
	while (w.acts < ACTS || (w.acts < 4 * ACTS && lacks_any(&w))) {
		walk_act(&w);
		if (w.acts / every > seen) {
			seen = w.acts / every;
			walk_judge(&w);
			walk_judge_effects(&w);
		}
	}
	walk_judge(&w);
	walk_judge_effects(&w);
	walk_judge_history(&w);
	walk_count(&w, cover);
	ck_assert_int_eq(cover->kinds, (int)json_array_size(w.kinds));
	printf("walk of seed %llu: %ld acts: %ld done, %ld refused, %ld stale; %lld s\n",
	       (unsigned long long)w.seed, w.acts, w.done, w.refused, w.stale,
	       (long long)(clock_mono_us() - began) / 1000000);
	walk_close(&w);
}

/* Check counts the microseconds of a test in 32 bits: all of them in one would be too long. */
START_TEST(a_walk_breaks_nothing)
{
	take_walk((uint64_t)(setting("DAICHO_WALK_SEED", 1) + _i));
	fflush(stdout);
}
END_TEST

START_TEST(walks_reach_every_kind)
{
	print_cover(cover);
	judge_cover(cover);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("workflow_walk");
	TCase *t = tcase_create("walk");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 36000);
	tcase_add_unchecked_fixture(t, begin, end);
	tcase_add_loop_test(t, a_walk_breaks_nothing, 0, (int)setting("DAICHO_WALK", 1));
	tcase_add_test(t, walks_reach_every_kind);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? 0 : 1;
}
