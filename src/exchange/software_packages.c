/* What dpkg and rpm print. */
#include <ctype.h>
#include <string.h>

#include "software.h"

#define WORD_MAX 200

/* One line, cut into fields in place. */
struct cells {
	char *v[16];
	size_t n;
};

static void
cut_tabs(char *line, struct cells *c)
{
	c->n = 0;
	while (c->n < ARRAY_SIZE(c->v)) {
		c->v[c->n++] = line;
		line = strchr(line, '\t');
		if (line == NULL)
			break;
		*line++ = '\0';
	}
}

/* `most` words apart by blanks; what is left is the last one. */
static void
cut_blanks(char *line, size_t most, struct cells *c)
{
	c->n = 0;
	for (line += strspn(line, " \t"); *line != '\0' && c->n < most;) {
		c->v[c->n++] = line;
		line += strcspn(line, " \t");
		if (*line == '\0')
			break;
		*line++ = '\0';
		line += strspn(line, " \t");
	}
}

/* Calls fn for each line that is not blank, with its number, as long as there is room. */
typedef bool line_fn(struct software_list *, char *line, long number);

static void
each_line(struct software_list *l, const char *text, line_fn *fn)
{
	long number = 1;
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == '\n'), number++) {
		char *line;
		size_t end;

		n = strcspn(text, "\n");
		line = arena_dup(l->arena, text, n);
		for (end = n; end > 0 && strchr(" \t\r", line[end - 1]) != NULL;)
			line[--end] = '\0';
		if (line[strspn(line, " \t")] != '\0' && !fn(l, line, number))
			return;
	}
}

/* ---- dpkg ----------------------------------------------------------------------------------- */

/* Letters, digits and these; not endless. */
static bool
only(const char *s, const char *more)
{
	const char *p;

	for (p = s; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr(more, *p) == NULL)
			return false;
	return p != s && p - s <= WORD_MAX;
}

static const char *
guessed_deb(const char *version)
{
	return strstr(version, "ubuntu") != NULL ? "ubuntu" : "debian";
}

/* What is not installed, or has left only its configuration, is none. */
static bool
is_installed(const char *status)
{
	return strlen(status) >= 2 && status[1] != 'n' && status[1] != 'c';
}

static bool
is_status(const char *s)
{
	return strlen(s) >= 2 && strlen(s) <= 3 && strchr("uihrp", s[0]) != NULL &&
		strchr("ncHUFWti", s[1]) != NULL && (s[2] == '\0' || strchr(" R", s[2]) != NULL);
}

/* name[:arch] with its version; false: a fault was added. */
static bool
deb_names(struct software_list *l, struct software *s, char *name, const char *version)
{
	char *colon = strchr(name, ':');

	if (colon != NULL) {
		*colon = '\0';
		s->v[SW_ARCH] = colon + 1;
	}
	if (!only(name, "+.-")) {
		software_fault(l, s->line, "software_name", "bad_package_name", name,
			       "パッケージ名として読めません。", "Not the name of a package.");
		return false;
	}
	if (!only(version, ".+~:-")) {
		software_fault(l, s->line, "version", "bad_version", version,
			       "パッケージのバージョンとして読めません。",
			       "Not the version of a package.");
		return false;
	}
	s->v[SW_TYPE] = "deb";
	s->v[SW_NAME] = name;
	s->v[SW_VERSION] = version;
	return true;
}

static bool
deb_add(struct software_list *l, struct software *s)
{
	if (s->v[SW_ARCH] != NULL && (!only(s->v[SW_ARCH], "-") || strlen(s->v[SW_ARCH]) > 40)) {
		software_fault(l, s->line, "arch", "bad_arch", s->v[SW_ARCH],
			       "アーキテクチャとして読めません。", "Not an architecture.");
		return true;
	}
	software_packaged(l, s, l->distro != NULL ? l->distro : guessed_deb(s->v[SW_VERSION]));
	return software_add(l, s);
}

/* Columns 4 and 5; false: a fault was added. */
static bool
deb_source(struct software_list *l, struct software *s, const struct cells *c)
{
	if (c->n > 3 && c->v[3][0] != '\0')
		s->v[SW_SOURCE_NAME] = c->v[3];
	if (c->n > 4 && c->v[4][0] != '\0')
		s->v[SW_SOURCE_VERSION] = c->v[4];
	if ((s->v[SW_SOURCE_NAME] == NULL || only(s->v[SW_SOURCE_NAME], "+.-")) &&
	    (s->v[SW_SOURCE_VERSION] == NULL || only(s->v[SW_SOURCE_VERSION], ".+~:-")))
		return true;
	software_fault(l, s->line, "source_name", "bad_package_name", c->v[3],
		       "ソースパッケージとして読めません。", "Not a source package.");
	return false;
}

static bool
dpkg_query_line(struct software_list *l, char *line, long number)
{
	struct software s = { .line = number };
	struct cells c;

	cut_tabs(line, &c);
	if (c.n < 2 || c.n > 6) {
		software_fault(l, number, NULL, "column_count", NULL,
			       "dpkg-queryの出力は、パッケージ名、バージョン、アーキテクチャ、"
			       "ソース名、ソースのバージョン、状態の6列（2列以上）です。",
			       "dpkg-query prints 6 columns (2 at least): package, version, "
			       "architecture, source, version of the source, status.");
		return true;
	}
	if (c.n == 6 && !is_status(c.v[5])) {
		software_fault(l, number, "status", "bad_status", c.v[5],
			       "パッケージの状態として読めません。", "Not the status of a package.");
		return true;
	}
	if (c.n == 6 && !is_installed(c.v[5])) {
		l->skipped++;
		return true;
	}
	if (!deb_names(l, &s, c.v[0], c.v[1]))
		return true;
	if (c.n > 2 && c.v[2][0] != '\0')
		s.v[SW_ARCH] = c.v[2];
	return deb_source(l, &s, &c) ? deb_add(l, &s) : true;
}

void
software_read_dpkg_query(struct software_list *l, const char *text)
{
	each_line(l, text, dpkg_query_line);
}

static bool
dpkg_list_line(struct software_list *l, char *line, long number)
{
	static const char *const heads[] = { "Desired=", "| Status=", "|/ ", "||/ ", "+++-" };
	struct software s = { .line = number };
	struct cells c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(heads); i++)
		if (str_starts(line, heads[i]))
			return true;
	cut_blanks(line, 5, &c);
	if (c.n < 3 || !is_status(c.v[0])) {
		software_fault(l, number, NULL, "bad_line", c.n == 0 ? NULL : c.v[0],
			       "dpkg -l の行として読めません。", "Not a line of dpkg -l.");
		return true;
	}
	if (!is_installed(c.v[0])) {
		l->skipped++;
		return true;
	}
	if (!deb_names(l, &s, c.v[1], c.v[2]))
		return true;
	if (c.n > 3)
		s.v[SW_ARCH] = c.v[3];
	return deb_add(l, &s);
}

void
software_read_dpkg_list(struct software_list *l, const char *text)
{
	each_line(l, text, dpkg_list_line);
}

/* ---- rpm ------------------------------------------------------------------------------------ */

static bool
is_rpm_arch(const char *s)
{
	static const char *const known[] = { "x86_64", "x86_64_v2", "noarch", "i386", "i486",
		"i586", "i686", "aarch64", "armv7hl", "ppc64le", "ppc64", "s390x", "riscv64",
		"loongarch64", "src", NULL };

	return str_in(s, known);
}

bool
software_nevra(struct arena *arena, const char *text, const char **ret_name,
	       const char **ret_version, const char **ret_arch)
{
	char *s = arena_strdup(arena, text), *dot, *release, *version;
	const char *arch = NULL;
	size_t n = strlen(s);

	if (n > 4 && strcmp(s + n - 4, ".rpm") == 0)
		s[n - 4] = '\0';
	dot = strrchr(s, '.');
	if (dot != NULL && is_rpm_arch(dot + 1)) {
		*dot = '\0';
		arch = dot + 1;
	}
	release = strrchr(s, '-');
	if (release == NULL || release == s)
		return false;
	*release = '\0';
	version = strrchr(s, '-');
	*release = '-';
	if (version == NULL || version == s || !isalnum((unsigned char)version[1]) ||
	    release[1] == '\0')
		return false;
	*version++ = '\0';
	if (!only(s, "+._-") || !only(version, "+._~^:-"))
		return false;
	*ret_name = s;
	*ret_version = version;
	*ret_arch = arch;
	return true;
}

/* The vendor of an rpm is no part of its name: only Fedora's releases tell it. */
static const char *
guessed_rpm(const char *version)
{
	const char *fc = strstr(version, ".fc");

	return fc != NULL && isdigit((unsigned char)fc[3]) ? "fedora" :
		strstr(version, ".amzn") != NULL ? "amzn" : NULL;
}

static bool
rpm_add(struct software_list *l, struct software *s)
{
	const char *version = s->v[SW_VERSION];

	if (strcmp(s->v[SW_NAME], "gpg-pubkey") == 0) { /* a key, kept in the same database */
		l->skipped++;
		return true;
	}
	if (str_starts(version, "0:"))
		s->v[SW_VERSION] = version + 2;
	s->v[SW_TYPE] = "rpm";
	software_packaged(l, s, l->distro != NULL ? l->distro : guessed_rpm(version));
	return software_add(l, s);
}

static const char *
told(const char *cell)
{
	return cell[0] == '\0' || strcmp(cell, "(none)") == 0 ? NULL : cell;
}

/* "(none):1-2" is how older ones print that there is no epoch. */
static char *
without_none(char *version)
{
	return str_starts(version, "(none):") ? version + 7 : version;
}

static bool
rpm_line(struct software_list *l, char *line, long number)
{
	struct software s = { .line = number };
	const char *arch;
	struct cells c;

	cut_tabs(line, &c);
	if (c.n < 2 || c.n > 4) {
		software_fault(l, number, NULL, "column_count", NULL,
			       "rpm -qa --qf の出力は、名前、エポック:バージョン-リリース、"
			       "アーキテクチャ、ソースRPMの4列（2列以上）です。",
			       "rpm -qa --qf prints 4 columns (2 at least): name, "
			       "epoch:version-release, architecture, source RPM.");
		return true;
	}
	c.v[1] = without_none(c.v[1]);
	if (!only(c.v[0], "+._-") || !only(c.v[1], "+._~^:-") || strchr(c.v[1], '-') == NULL) {
		software_fault(l, number, only(c.v[0], "+._-") ? "version" : "software_name",
			       "bad_version", only(c.v[0], "+._-") ? c.v[1] : c.v[0],
			       "パッケージの名前・バージョンとして読めません。",
			       "Not the name or version of a package.");
		return true;
	}
	s.v[SW_NAME] = c.v[0];
	s.v[SW_VERSION] = c.v[1];
	s.v[SW_ARCH] = c.n > 2 ? told(c.v[2]) : NULL;
	if (s.v[SW_ARCH] != NULL && (!only(s.v[SW_ARCH], "_-") || strlen(s.v[SW_ARCH]) > 40)) {
		software_fault(l, number, "arch", "bad_arch", c.v[2],
			       "アーキテクチャとして読めません。", "Not an architecture.");
		return true;
	}
	if (c.n > 3 && told(c.v[3]) != NULL &&
	    !software_nevra(l->arena, c.v[3], &s.v[SW_SOURCE_NAME], &s.v[SW_SOURCE_VERSION],
			    &arch)) {
		software_fault(l, number, "source_name", "bad_package_name", c.v[3],
			       "ソースRPMとして読めません。", "Not a source RPM.");
		return true;
	}
	return rpm_add(l, &s);
}

void
software_read_rpm(struct software_list *l, const char *text)
{
	each_line(l, text, rpm_line);
}

static bool
rpm_plain_line(struct software_list *l, char *line, long number)
{
	struct software s = { .line = number };

	if (!software_nevra(l->arena, line, &s.v[SW_NAME], &s.v[SW_VERSION], &s.v[SW_ARCH])) {
		software_fault(l, number, NULL, "bad_line", line,
			       "rpm -qa の行（名前-バージョン-リリース.アーキテクチャ）として読めません。",
			       "Not a line of rpm -qa (name-version-release.arch).");
		return true;
	}
	return rpm_add(l, &s);
}

void
software_read_rpm_plain(struct software_list *l, const char *text)
{
	each_line(l, text, rpm_plain_line);
}
