/* Dates as people write them in Japan, read to ISO 8601. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <base/util.h>

#define DATE_SIZE 11 /* "2025-03-27" and NUL */

enum date_fault {
	DATE_OK = 0,
	DATE_UNREADABLE, /* not a date at all */
	DATE_NO_SUCH_DAY,
	DATE_ERA_RANGE,	      /* a day outside the era that it names */
	DATE_TWO_DIGIT_YEAR,  /* ambiguous: refused */
	DATE_INCOMPLETE,      /* month or year only */
	DATE__MAX
};

/*
 * Reads 2025-03-27, 2025/3/27, 2025.3.27, 20250327, 2025年3月27日, 令和7年3月27日, 令和元年…,
 * R7.3.27, ㋿7.3.27, full-width digits.  Years 1868–2200.  ret holds DATE_SIZE bytes.
 */
enum date_fault date_read(const char *s, char *ret) MUST;

/* Strict form for JSON: only YYYY-MM-DD of an existing day. */
enum date_fault date_read_iso(const char *s, char *ret) MUST;

const char *date_fault_code(enum date_fault);
const char *date_fault_ja(enum date_fault);
const char *date_fault_en(enum date_fault);

#endif
