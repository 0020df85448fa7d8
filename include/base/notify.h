/* Tells systemd how the service is doing (sd_notify protocol); silent where nobody listens. */
#ifndef BASE_NOTIFY_H
#define BASE_NOTIFY_H

/* "READY=1", "STOPPING=1", "WATCHDOG=1" … */
void notify_service(const char *state);

/* Seconds between two signs of life that the watchdog wants, 0 when there is none. */
int notify_watchdog_s(void);

#endif
