#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static const char *followed;

void
clock_look(void)
{
	char text[32] = "";
	int fd = open(followed, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	int64_t seconds;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return;
	text[strcspn(text, "\n")] = '\0';
	if (number_read(text + (text[0] == '-'), 0, INT64_C(10000000000), &seconds))
		clock_set_offset_s(text[0] == '-' ? -seconds : seconds);
}

bool
clock_follow(const char *path)
{
	if (path == NULL)
		return false;
	followed = path;
	clock_look();
	return true;
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

static char *
digits(char *to, int width, int v)
{
	int i;

	for (i = width - 1; i >= 0; i--, v /= 10)
		to[i] = (char)('0' + v % 10);
	return to + width;
}

/* By hand: every line of the log has one, and strftime() takes longer than all the rest of it. */
void
clock_stamp(int64_t wall_us, char *out)
{
	time_t t = (time_t)(wall_us / 1000000);
	struct tm tm;

	gmtime_r(&t, &tm);
	out = digits(out, 4, tm.tm_year + 1900);
	*out++ = '-';
	out = digits(out, 2, tm.tm_mon + 1);
	*out++ = '-';
	out = digits(out, 2, tm.tm_mday);
	*out++ = 'T';
	out = digits(out, 2, tm.tm_hour);
	*out++ = ':';
	out = digits(out, 2, tm.tm_min);
	*out++ = ':';
	out = digits(out, 2, tm.tm_sec);
	*out++ = '.';
	out = digits(out, 6, (int)(wall_us % 1000000));
	*out++ = 'Z';
	*out = '\0';
}

void
clock_today(char *out)
{
	char stamp[CLOCK_STAMP_SIZE];

	clock_stamp(clock_wall_us() + INT64_C(9) * 3600 * 1000000, stamp);
	memcpy(out, stamp, CLOCK_DAY_SIZE - 1);
	out[CLOCK_DAY_SIZE - 1] = '\0';
}
