/* Lists of software: what kind of list a text is, and its reader. */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include <base/json.h>
#include <base/text.h>
#include "software.h"

static bool
is_json(enum software_format f)
{
	return f == SOFTWARE_JSON || f == SOFTWARE_CYCLONEDX || f == SOFTWARE_SPDX;
}

static enum software_format
json_format(const json_t *j)
{
	if (json_is_object(j) && json_object_get(j, "bomFormat") != NULL)
		return SOFTWARE_CYCLONEDX;
	if (json_is_object(j) && json_object_get(j, "spdxVersion") != NULL)
		return SOFTWARE_SPDX;
	return SOFTWARE_JSON;
}

/* "ii ", "rc ", "hi ": wanted, installed */
static bool
begins_with_status(const char *line)
{
	return strchr("uihrp", line[0]) != NULL && line[1] != '\0' &&
		strchr("ncHUFWti", line[1]) != NULL && line[2] == ' ';
}

/* By the first line that is not blank. */
static enum software_format
text_format(struct software_list *l, const char *s)
{
	const char *name, *version, *arch, *line, *p;
	size_t tabs = 0;

	s += strspn(s, " \r\n");
	line = arena_dup(l->arena, s, strcspn(s, "\r\n"));
	if (line[0] == '{' || line[0] == '[')
		return SOFTWARE_JSON;
	if (str_starts(line, "Desired=") || str_starts(line, "| Status=") ||
	    str_starts(line, "||/ "))
		return SOFTWARE_DPKG_LIST;
	for (p = line; *p != '\0'; p++)
		tabs += *p == '\t';
	if (tabs > 0 && strchr(line, ',') == NULL)
		return tabs == 3 || strstr(line, ".src.rpm") != NULL ? SOFTWARE_RPM :
			SOFTWARE_DPKG_QUERY;
	if (line[0] != '\0' && begins_with_status(line))
		return SOFTWARE_DPKG_LIST;
	if (strchr(line, ',') == NULL && software_nevra(l->arena, line, &name, &version, &arch))
		return SOFTWARE_RPM_PLAIN;
	return SOFTWARE_CSV;
}

/* What a parser would have to build, counted before it does. */
static bool
json_fits(const char *s, size_t n)
{
	size_t values = 0, depth = 0, i;
	bool inside = false;

	for (i = 0; i < n; i++) {
		if (inside) {
			if (s[i] == '\\')
				i++;
			else if (s[i] == '"')
				inside = false;
			continue;
		}
		switch (s[i]) {
		case '"':
			inside = true;
			break;
		case '{':
		case '[':
			if (++depth > SOFTWARE_DEPTH)
				return false;
			values++;
			break;
		case '}':
		case ']':
			depth -= depth > 0;
			break;
		case ',':
			values++;
			break;
		}
	}
	return values <= SOFTWARE_VALUES;
}

static enum err
read_json(struct software_list *l, const char *text, size_t n, const char **ret_why)
{
	json_t *j;
	enum err e;

	if (!json_fits(text, n)) {
		software_fault(l, 0, NULL, "too_deep", NULL,
			       "JSONの入れ子が深すぎるか、値が多すぎます（64段、60万個まで）。",
			       "The JSON is nested too deeply, or has too many values (64 levels, "
			       "600,000 values).");
		return ERR_INVALID;
	}
	e = json_read(l->arena, text, n, &j, ret_why);
	if (e != OK)
		return e;
	if (l->format == SOFTWARE__MAX)
		l->format = json_format(j);
	if (l->format == SOFTWARE_CYCLONEDX)
		software_read_cyclonedx(l, j);
	else if (l->format == SOFTWARE_SPDX)
		software_read_spdx(l, j);
	else
		software_read_json(l, j);
	return OK;
}

/* Spreadsheets of Windows write CP932; false: it is neither that nor UTF-8. */
static bool
to_utf8(struct software_list *l, const char **text, size_t *n)
{
	size_t room = *n * 3 + 4, left = *n;
	char *out, *to, *from = (char *)(uintptr_t)*text;
	iconv_t cd;
	bool fine;

	if (text_is_utf8(*text, *n))
		return true;
	cd = iconv_open("UTF-8", "CP932");
	if (cd == (iconv_t)-1)
		return false;
	out = to = arena_alloc(l->arena, room + 1);
	fine = iconv(cd, &from, &left, &to, &room) != (size_t)-1 && left == 0;
	iconv_close(cd);
	if (!fine)
		return false;
	*text = out;
	*n = (size_t)(to - out);
	return true;
}

static void
read_text(struct software_list *l, const char *text, size_t n)
{
	if (!to_utf8(l, &text, &n)) {
		software_fault(l, 0, NULL, "bad_charset", NULL,
			       "文字コードがUTF-8でもShift_JIS（CP932）でもありません。",
			       "Neither UTF-8 nor CP932.");
		return;
	}
	if (strlen(text) != n) {
		software_fault(l, 0, NULL, "nul", NULL, "NUL文字があります。",
			       "There is a NUL character.");
		return;
	}
	if (l->format == SOFTWARE__MAX)
		l->format = text_format(l, text);
	if (l->format == SOFTWARE_DPKG_QUERY)
		software_read_dpkg_query(l, text);
	else if (l->format == SOFTWARE_DPKG_LIST)
		software_read_dpkg_list(l, text);
	else if (l->format == SOFTWARE_RPM)
		software_read_rpm(l, text);
	else if (l->format == SOFTWARE_RPM_PLAIN)
		software_read_rpm_plain(l, text);
	else
		software_read_csv(l, text, n);
}

enum err
software_read(struct software_list *l, enum software_format format, const char *text, size_t n,
	      const char **ret_why)
{
	size_t before = l->faults->total;
	enum err e = OK;

	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	l->format = format;
	if (is_json(format) || (format == SOFTWARE__MAX &&
				(text[strspn(text, " \t\r\n")] == '{' ||
				 text[strspn(text, " \t\r\n")] == '[')))
		e = read_json(l, text, n, ret_why);
	else
		read_text(l, text, n);
	if (e != OK)
		return e;
	if (l->faults->total == before && l->n == 0)
		software_fault(l, 0, "software", "required", NULL,
			       "ソフトウェアが1件もありません。", "There is no software in it.");
	if (l->faults->total > before)
		return ERR_INVALID;
	software_drop_repeated(l);
	return OK;
}
