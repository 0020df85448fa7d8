/*
 * date.h.  Holds: what is read is a day in strict form that is read again as itself; what is
 * refused leaves the answer alone; the strict form is a part of the free one.
 */
#include <stdlib.h>
#include <string.h>

#include <base/date.h>
#include <base/util.h>

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char out[DATE_SIZE] = "----------", again[DATE_SIZE];
	enum date_fault f, strict;
	char *s = xcalloc(size + 1, 1);

	if (size > 0)
		memcpy(s, data, size);
	f = date_read(s, out);
	HOLDS(date_fault_code(f) != NULL);
	if (f == DATE_OK) {
		HOLDS(strlen(out) == 10);
		HOLDS(strcmp(out, "1868-01-01") >= 0 && strcmp(out, "2200-12-31") <= 0);
		HOLDS(date_read_iso(out, again) == DATE_OK && strcmp(out, again) == 0);
		HOLDS(date_read(out, again) == DATE_OK && strcmp(out, again) == 0);
	} else {
		HOLDS(strcmp(out, "----------") == 0);
	}
	strict = date_read_iso(s, again);
	if (strict == DATE_OK)
		HOLDS(f == DATE_OK && strcmp(s, out) == 0 && strcmp(again, out) == 0);
	free(s);
	return 0;
}
