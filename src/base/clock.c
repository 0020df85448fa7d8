#include <stdio.h>

#include <base/clock.h>

static int64_t
read_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static _Atomic int64_t offset_s;

void
clock_set_offset_s(int64_t seconds)
{
	offset_s = seconds;
}

int64_t
clock_offset_s(void)
{
	return offset_s;
}

int64_t
clock_wall_us(void)
{
	return read_us(CLOCK_REALTIME) + offset_s * 1000000;
}

int64_t
clock_mono_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

void
clock_stamp(int64_t wall_us, char *out)
{
	time_t t = (time_t)(wall_us / 1000000);
	struct tm tm;
	size_t n;

	gmtime_r(&t, &tm);
	n = strftime(out, CLOCK_STAMP_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, CLOCK_STAMP_SIZE - n, ".%06dZ", (int)(wall_us % 1000000));
}
