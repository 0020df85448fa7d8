#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <base/buf.h>
#include <base/clock.h>
#include <base/json.h>
#include <base/log.h>
#include <base/util.h>

#define LINE_MAX_BYTES 16384

static enum log_level threshold = LOG_INFO;

void
log_set_level(enum log_level level)
{
	__atomic_store_n(&threshold, level, __ATOMIC_RELAXED);
}

/* One system call per line, so that lines of threads do not mix. */
void
log_line(const char *json)
{
	char end = '\n';
	struct iovec parts[] = { { (char *)(uintptr_t)json, strlen(json) }, { &end, 1 } };
	ssize_t done = writev(STDERR_FILENO, parts, ARRAY_SIZE(parts));

	(void)done; /* a log that cannot be written must not stop the work */
}

void
log_event(enum log_level level, const char *event, const char *request_id, const char *fmt, ...)
{
	static const char *const names[] = { "debug", "info", "warning", "error" };
	char stamp[CLOCK_STAMP_SIZE], text[4096];
	struct buf b;
	va_list ap;

	if (level < __atomic_load_n(&threshold, __ATOMIC_RELAXED))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	clock_stamp(clock_wall_us(), stamp);
	buf_init(&b, LINE_MAX_BYTES);
	buf_addf(&b, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"", stamp, names[level],
		 event);
	if (request_id != NULL) {
		buf_adds(&b, ",\"request_id\":");
		json_put_cstring(&b, request_id);
	}
	buf_adds(&b, ",\"message\":");
	json_put_cstring(&b, text);
	buf_addc(&b, '}');
	if (!b.failed)
		log_line(buf_text(&b));
	buf_release(&b);
}
