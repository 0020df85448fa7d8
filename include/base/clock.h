/* Time, through one door, so that tests can set it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>
#include <base/util.h>

/*
 * Tests move the clock instead of sleeping: seconds added to the wall clock from now on, here and
 * (through the context of each transaction) in act_now() of the database.
 */
void clock_set_offset_s(int64_t seconds);
int64_t clock_offset_s(void);

/* From a file that holds these seconds, now and at each look; false without one (NULL). */
bool clock_follow(const char *path);
void clock_look(void);

/* Wall clock, microseconds since 1970-01-01 UTC. */
int64_t clock_wall_us(void);

/* Monotonic microseconds, for durations and deadlines. */
int64_t clock_mono_us(void);

/* "2026-11-23T04:27:53.123456Z"; out holds CLOCK_STAMP_SIZE bytes. */
#define CLOCK_STAMP_SIZE 28
void clock_stamp(int64_t wall_us, char *out);

/* The register's day, which is Japan's: "2026-11-23"; out holds CLOCK_DAY_SIZE bytes. */
#define CLOCK_DAY_SIZE 11
void clock_today(char *out);

#endif
