/* Formats of texts: codes, logins, addresses. */
#ifndef LEDGER_FORMAT_H
#define LEDGER_FORMAT_H

#include <ledger/field.h>

/* false: not of the format; else *ret is the stored form (MAC in lower case with colons …). */
bool format_read(enum field_format, struct arena *, const char *text, const char **ret) MUST;
const char *format_ja(enum field_format);
const char *format_en(enum field_format);
const char *format_pattern(enum field_format); /* JSON Schema pattern, or NULL */

#endif
