/* Names of files as people give them. */
#include <string.h>
#include <strings.h>

#include <base/text.h>

#include "attachment_parts.h"

#define NAME_MAX_CHARS 255

static bool
fault(struct faults *faults, const char *code, const char *ja, const char *en)
{
	faults_add(faults, &(struct fault){ .field = "file_name", .code = code, .ja = ja,
					    .en = en });
	return false;
}

/* What a system runs or opens with rights: it has no place before the last ending either. */
static bool
is_active(const char *ending, size_t n)
{
	static const char *const list[] = { "exe", "com", "bat", "cmd", "scr", "pif", "msi", "dll",
		"sys", "cpl", "jar", "js", "jse", "vbs", "vbe", "wsf", "wsh", "ps1", "psm1", "hta",
		"htm", "html", "xhtml", "svg", "lnk", "url", "reg", "inf", "sh", "php", "phtml",
		"asp", "aspx", "jsp", "cgi", "pl", "py", "rb", "docm", "xlsm", "pptm", "dotm",
		"xltm", "xlam", "iso", "img", "apk", "app", "dmg", "desktop", NULL };
	size_t i;

	for (i = 0; list[i] != NULL; i++)
		if (strlen(list[i]) == n && strncasecmp(list[i], ending, n) == 0)
			return true;
	return false;
}

/* The ending before the last: "invoice.exe.pdf". */
static bool
hides_an_ending(const char *name)
{
	const char *last = strrchr(name, '.'), *p = last;

	while (p > name && p[-1] != '.')
		p--;
	return p > name && is_active(p, (size_t)(last - p));
}

/* Devices of Windows, whatever the ending. */
static bool
is_device(const char *name)
{
	static const char *const list[] = { "con", "prn", "aux", "nul", NULL };
	size_t n = strcspn(name, "."), i;

	for (i = 0; list[i] != NULL; i++)
		if (strlen(list[i]) == n && strncasecmp(list[i], name, n) == 0)
			return true;
	return n == 4 && (strncasecmp(name, "com", 3) == 0 || strncasecmp(name, "lpt", 3) == 0) &&
		name[3] >= '0' && name[3] <= '9';
}

bool
attachment_name_read(struct arena *arena, const char *given, struct faults *faults,
		     const char **ret)
{
	enum text_fault wrong;
	char *name;

	wrong = text_read(arena, given, strlen(given), NAME_MAX_CHARS, 0, &name, NULL);
	if (wrong != TEXT_OK)
		return fault(faults, text_fault_code(wrong), text_fault_ja(wrong),
			     text_fault_en(wrong));
	if (strpbrk(name, "/\\:*?\"<>|") != NULL)
		return fault(faults, "bad_file_name", "ファイル名に / \\ : * ? \" < > | は使えません"
			     "（フォルダ名は含めないでください）。",
			     "A file name has none of / \\ : * ? \" < > |, and no folder.");
	if (name[0] == '.' || strrchr(name, '.') == NULL || strrchr(name, '.')[1] == '\0' ||
	    is_device(name))
		return fault(faults, "bad_file_name",
			     "「名前.拡張子」の形のファイル名を指定してください。",
			     "A file name has the form NAME.ENDING.");
	if (hides_an_ending(name))
		return fault(faults, "double_extension",
			     "二重の拡張子（例: 請求書.exe.pdf）のファイルは添付できません。",
			     "A file with two endings, as in invoice.exe.pdf, is not taken.");
	*ret = name;
	return true;
}
