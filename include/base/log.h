/*
 * The log: one JSON object per line on standard error.  base/ and db/ never log; http/ logs
 * once per request; daichod.c logs the life of the daemon.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>
#include <base/util.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below the level are dropped; default LOG_INFO. */
void log_set_level(enum log_level);

/* {"time":…,"level":…,"event":"…","request_id":"…", …}; request_id may be NULL. */
void log_event(enum log_level, const char *event, const char *request_id, const char *fmt, ...)
	PRINTF(4, 5);

/* Writes one finished line (a complete JSON object without newline). */
void log_line(const char *json);

/* Our fault, not the client's: what the reader of a log looks for first. */
#define log_ours(rid, ...) log_event(LOG_ERROR, "ours", rid, __VA_ARGS__)

#endif
