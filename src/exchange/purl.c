#include <ctype.h>
#include <string.h>

#include <base/buf.h>
#include <base/text.h>
#include <exchange/purl.h>

/* ---- what a type asks of its names ---------------------------------------------------------- */

enum fold {
	FOLD_NAMESPACE = 1,
	FOLD_NAME = 2,
	FOLD_BOTH = 3,
	FOLD_DASHES = 4, /* _ is - */
	FOLD_VERSION = 8,
};

/* Names that are compared without case; all others are kept as they are. */
static const struct {
	const char *type;
	unsigned fold;
} folds[] = {
	{ "alpm", FOLD_BOTH },	    { "apk", FOLD_BOTH },     { "bitbucket", FOLD_BOTH },
	{ "bitnami", FOLD_NAME },   { "composer", FOLD_BOTH }, { "deb", FOLD_BOTH },
	{ "github", FOLD_BOTH },    { "gitlab", FOLD_BOTH },  { "golang", FOLD_BOTH },
	{ "hex", FOLD_BOTH },	    { "huggingface", FOLD_VERSION }, { "luarocks", FOLD_BOTH },
	{ "npm", FOLD_BOTH },	    { "oci", FOLD_NAME },     { "pub", FOLD_NAME },
	{ "pypi", FOLD_NAME | FOLD_DASHES }, { "qpkg", FOLD_NAMESPACE },
	{ "rpm", FOLD_NAMESPACE },
};

/* As the list of package URLs has them, with what distributions use besides. */
const char *const purl_types[] = { "alpm", "apk", "bitbucket", "bitnami", "brew", "cargo",
	"chrome-extension", "cocoapods", "composer", "conan", "conda", "cpan", "cran", "deb",
	"docker", "ebuild", "elm", "gem", "generic", "gitea", "github", "gitlab", "golang",
	"hackage", "hex", "huggingface", "julia", "luarocks", "maven", "mlflow", "npm", "nuget",
	"oci", "opam", "opkg", "otp", "pub", "pypi", "qpkg", "rpm", "swid", "swift",
	"vscode-extension", "yocto", NULL };

static unsigned
folds_of(const char *type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(folds); i++)
		if (strcmp(folds[i].type, type) == 0)
			return folds[i].fold;
	return 0;
}

static const char *
lower(struct arena *arena, const char *s)
{
	char *copy, *p;

	if (s == NULL)
		return NULL;
	copy = arena_strdup(arena, s);
	for (p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

static void
fold(struct arena *arena, struct purl *p)
{
	unsigned how;
	char *name, *c;

	p->type = lower(arena, p->type);
	how = folds_of(p->type);
	if (how & FOLD_NAMESPACE)
		p->namespace = lower(arena, p->namespace);
	if (how & FOLD_NAME)
		p->name = lower(arena, p->name);
	if (how & FOLD_VERSION)
		p->version = lower(arena, p->version);
	if (how & FOLD_DASHES) {
		name = arena_strdup(arena, p->name);
		for (c = name; *c != '\0'; c++)
			if (*c == '_')
				*c = '-';
		p->name = name;
	}
}

/* ---- qualifiers ----------------------------------------------------------------------------- */

static bool
is_key(const char *s)
{
	const char *p;

	for (p = s; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr(".-_", *p) == NULL)
			return false;
	return p != s && !isdigit((unsigned char)s[0]);
}

static bool
is_type(const char *s)
{
	const char *p;

	for (p = s; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && *p != '.' && *p != '-')
			return false;
	return p != s && p - s <= 40 && isalpha((unsigned char)s[0]);
}

/* Kept in order of the keys. */
void
purl_qualify(struct purl *p, const char *key, const char *value)
{
	size_t i = p->qualifiers;

	if (value == NULL || value[0] == '\0')
		return;
	if (i == PURL_QUALIFIERS_MAX)
		bug("too many qualifiers");
	for (; i > 0 && strcmp(p->qualifier[i - 1].key, key) > 0; i--)
		p->qualifier[i] = p->qualifier[i - 1];
	p->qualifier[i].key = key;
	p->qualifier[i].value = value;
	p->qualifiers++;
}

const char *
purl_qualifier(const struct purl *p, const char *key)
{
	size_t i;

	for (i = 0; i < p->qualifiers; i++)
		if (strcmp(p->qualifier[i].key, key) == 0)
			return p->qualifier[i].value;
	return NULL;
}

/* ---- reading -------------------------------------------------------------------------------- */

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
		c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* n bytes decoded; NULL: what comes out is no text, or holds a slash that would cut a segment. */
static const char *
decoded(struct arena *arena, const char *s, size_t n, bool segment)
{
	char *out = arena_alloc(arena, n + 1);
	size_t i, len = 0;

	for (i = 0; i < n; i++) {
		char c = s[i];

		if (c == '%' && i + 2 < n && hex(s[i + 1]) >= 0 &&
		    hex(s[i + 2]) >= 0) {
			c = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		}
		if ((unsigned char)c < 0x20 || c == 0x7f || (segment && c == '/'))
			return NULL;
		out[len++] = c;
	}
	out[len] = '\0';
	return text_is_utf8(out, len) ? out : NULL;
}

/* Segments between slashes, decoded each, empty ones left out; false: one is no text. */
static bool
read_segments(struct arena *arena, const char *s, size_t n, bool dots, const char **ret)
{
	const char *end = s + n, *joined = NULL, *one;
	size_t len;

	for (; s < end; s += len + 1) {
		const char *slash = memchr(s, '/', (size_t)(end - s));

		len = slash == NULL ? (size_t)(end - s) : (size_t)(slash - s);
		if (len == 0)
			continue;
		one = decoded(arena, s, len, true);
		if (one == NULL)
			return false;
		if (!dots && (strcmp(one, ".") == 0 || strcmp(one, "..") == 0))
			continue;
		joined = joined == NULL ? one : arena_printf(arena, "%s/%s", joined, one);
	}
	*ret = joined;
	return true;
}

static bool
read_qualifiers(struct arena *arena, const char *s, struct purl *p, const char **ret_why)
{
	size_t n;

	for (; *s != '\0'; s += n + (s[n] == '&')) {
		const char *equals, *key, *value;

		n = strcspn(s, "&");
		equals = memchr(s, '=', n);
		if (n == 0)
			continue;
		*ret_why = "a qualifier is key=value, the key of letters, digits, '.', '-', '_'";
		if (equals == NULL)
			return false;
		key = lower(arena, arena_dup(arena, s, (size_t)(equals - s)));
		value = decoded(arena, equals + 1, n - (size_t)(equals + 1 - s), false);
		if (!is_key(key) || value == NULL)
			return false;
		if (purl_qualifier(p, key) != NULL) {
			*ret_why = "a qualifier stands twice";
			return false;
		}
		if (p->qualifiers == PURL_QUALIFIERS_MAX) {
			*ret_why = "too many qualifiers";
			return false;
		}
		purl_qualify(p, key, value);
	}
	return true;
}

/* namespace/name@version, n bytes */
static bool
read_names(struct arena *arena, const char *s, size_t n, struct purl *p, const char **ret_why)
{
	const char *at = memrchr(s, '@', n), *slash;

	/* a version has no slash: that '@' belongs to a scope */
	if (at != NULL && memchr(at, '/', n - (size_t)(at - s)) == NULL) {
		size_t len = n - (size_t)(at + 1 - s);

		*ret_why = "the version is no text";
		if (len > 0 && (p->version = decoded(arena, at + 1, len, false)) == NULL)
			return false;
		n = (size_t)(at - s);
	}
	while (n > 0 && s[0] == '/') {
		s++;
		n--;
	}
	slash = memrchr(s, '/', n);
	*ret_why = "the name is missing";
	if (slash != NULL && slash == s + n - 1)
		return false;
	p->name = decoded(arena, slash == NULL ? s : slash + 1,
			  slash == NULL ? n : n - (size_t)(slash + 1 - s), true);
	if (p->name == NULL || p->name[0] == '\0')
		return false;
	*ret_why = "the namespace is no text";
	return slash == NULL || read_segments(arena, s, (size_t)(slash - s), true, &p->namespace);
}

static bool
read_parts(struct arena *arena, const char *text, struct purl *p, const char **ret_why)
{
	char *s = arena_strdup(arena, text), *cut;
	size_t n;

	*ret_why = "it does not begin with pkg:";
	if (strncasecmp(s, "pkg:", 4) != 0)
		return false;
	if ((cut = strrchr(s, '#')) != NULL) {
		*cut++ = '\0';
		*ret_why = "the subpath is no text";
		if (!read_segments(arena, cut, strlen(cut), false, &p->subpath))
			return false;
	}
	if ((cut = strrchr(s, '?')) != NULL) {
		*cut++ = '\0';
		if (!read_qualifiers(arena, cut, p, ret_why))
			return false;
	}
	s += 4;
	s += strspn(s, "/");
	n = strcspn(s, "/");
	p->type = arena_dup(arena, s, n);
	*ret_why = "the type is missing, or is none";
	if (s[n] == '\0' || !is_type(p->type))
		return false;
	return read_names(arena, s + n + 1, strlen(s + n + 1), p, ret_why);
}

bool
purl_read(struct arena *arena, const char *text, struct purl *ret, const char **ret_why)
{
	struct purl p = { .type = NULL };

	if (strlen(text) > PURL_MAX) {
		*ret_why = "it is too long";
		return false;
	}
	if (!read_parts(arena, text, &p, ret_why))
		return false;
	fold(arena, &p);
	*ret = p;
	return true;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void
put(struct buf *b, const char *s, const char *kept)
{
	for (; *s != '\0'; s++)
		if (isalnum((unsigned char)*s) || strchr(kept, *s) != NULL)
			buf_addc(b, *s);
		else
			buf_addf(b, "%%%02X", (unsigned)(unsigned char)*s);
}

/* Each with its slash; empty ones are none. */
static void
put_segments(struct arena *arena, struct buf *b, const char *s)
{
	size_t n;

	for (; s != NULL && *s != '\0'; s += n + (s[n] == '/')) {
		n = strcspn(s, "/");
		if (n == 0)
			continue;
		put(b, arena_dup(arena, s, n), ".-_~:");
		buf_addc(b, '/');
	}
}

const char *
purl_text(struct arena *arena, const struct purl *given)
{
	struct purl p = *given;
	const char *text = NULL;
	struct buf b;
	size_t i;

	if (p.type == NULL || p.name == NULL || p.name[0] == '\0' || !is_type(p.type))
		return NULL;
	fold(arena, &p);
	buf_init(&b, PURL_TEXT_MAX);
	buf_addf(&b, "pkg:%s/", p.type);
	put_segments(arena, &b, p.namespace);
	put(&b, p.name, ".-_~:");
	if (p.version != NULL && p.version[0] != '\0') {
		buf_addc(&b, '@');
		put(&b, p.version, ".-_~:");
	}
	for (i = 0; i < p.qualifiers; i++) {
		buf_addf(&b, "%c%s=", i == 0 ? '?' : '&', p.qualifier[i].key);
		put(&b, p.qualifier[i].value, ".-_~:/");
	}
	if (p.subpath != NULL && p.subpath[0] != '\0') {
		buf_addc(&b, '#');
		put(&b, p.subpath, ".-_~:/");
	}
	if (!b.failed)
		text = arena_dup(arena, buf_text(&b), b.len);
	buf_release(&b);
	return text;
}

const char *
purl_full_name(struct arena *arena, const struct purl *p)
{
	static const char *const plain[] = { "deb", "rpm", "apk", "alpm", NULL };

	if (p->namespace == NULL || str_in(p->type, plain))
		return p->name;
	return arena_printf(arena, "%s/%s", p->namespace, p->name);
}
