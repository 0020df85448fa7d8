#include <string.h>
#include <strings.h>

#include "request.h"

const char *
request_header(const struct request *r, const char *name)
{
	const struct headers *h = r->headers;
	size_t i;

	for (i = 0; h != NULL && i < h->n; i++)
		if (strcasecmp(h->v[i].name, name) == 0)
			return h->v[i].value;
	return NULL;
}

const char *
request_arg(struct request *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->arg_count; i++)
		if (strcmp(r->args[i].name, name) == 0) {
			r->args[i].used = true;
			return r->args[i].value;
		}
	return NULL;
}

uint32_t
request_offices(const struct request *r)
{
	size_t i;

	for (i = 0; r->route->past != 0 && i < r->arg_count; i++)
		if (strcmp(r->args[i].name, "as_of") == 0)
			return r->route->past;
	return r->route->offices;
}

void
request_arg_fault(struct request *r, const char *name, const char *code, const char *ja,
		  const char *en)
{
	faults_add(&r->faults, &(struct fault){
		.field = arena_printf(r->arena, "?%s", name), .code = code, .ja = ja, .en = en });
}

enum err
request_args_done(struct request *r)
{
	enum err e = OK;
	size_t i;

	for (i = 0; i < r->arg_count; i++) {
		if (r->args[i].used)
			continue;
		request_arg_fault(r, r->args[i].name, "unknown_argument",
				  "この項目は使えません。", "There is no such argument.");
		e = ERR_BAD_QUERY;
	}
	return e;
}

enum err
request_arg_bool(struct request *r, const char *name, bool fallback, bool *ret)
{
	const char *v = request_arg(r, name);

	if (v == NULL)
		*ret = fallback;
	else if (strcmp(v, "true") == 0)
		*ret = true;
	else if (strcmp(v, "false") == 0)
		*ret = false;
	else {
		request_arg_fault(r, name, "not_a_boolean", "true か false を指定してください。",
				  "Say true or false.");
		return ERR_BAD_QUERY;
	}
	return OK;
}

enum err
request_arg_int(struct request *r, const char *name, int64_t min, int64_t max, int64_t fallback,
		int64_t *ret)
{
	const char *v = request_arg(r, name);
	struct fault f;

	if (v == NULL) {
		*ret = fallback;
		return OK;
	}
	if (number_read(v, min, max, ret))
		return OK;
	f = (struct fault){ .field = arena_printf(r->arena, "?%s", name), .code = "not_a_number",
		.ja = arena_printf(r->arena, "%lld から %lld までの整数を指定してください。",
				   (long long)min, (long long)max),
		.en = arena_printf(r->arena, "Say a whole number from %lld to %lld.",
				   (long long)min, (long long)max),
		.value = v };
	faults_add(&r->faults, &f);
	return ERR_BAD_QUERY;
}

/* Only the strong form "…" that etag_of() makes; what is inside is the caller's to compare. */
enum err
request_if_match(struct request *r, const char **ret)
{
	const char *v = request_header(r, "If-Match");
	size_t n;

	if (v == NULL)
		return ERR_PRECONDITION_REQUIRED;
	n = strlen(v);
	if (n < 3 || n > 66 || v[0] != '"' || strcspn(v + 1, "\"\\, ") != n - 2 ||
	    v[n - 1] != '"') {
		r->detail = "If-Match must be the one ETag that was read, with its quotes.";
		return ERR_BAD_REQUEST;
	}
	*ret = arena_dup(r->arena, v + 1, n - 2);
	return OK;
}

/* "0", "0.5", "1.000" in thousandths; -1 when it is something else. */
static int
read_q(const char *s, size_t n)
{
	int q, scale = 100;
	size_t i;

	if (n == 0 || n > 5 || (s[0] != '0' && s[0] != '1') || (n > 1 && s[1] != '.'))
		return -1;
	q = (s[0] - '0') * 1000;
	for (i = 2; i < n; i++, scale /= 10) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		q += (s[i] - '0') * scale;
	}
	return q > 1000 ? -1 : q;
}

static int
weight_of(const char *item, size_t n)
{
	const char *semi = memchr(item, ';', n), *end = item + n;

	if (semi == NULL)
		return 1000;
	for (semi++; semi < end && (*semi == ' ' || *semi == '\t');)
		semi++;
	while (end > semi && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (end - semi < 2 || strncasecmp(semi, "q=", 2) != 0)
		return -1;
	return read_q(semi + 2, (size_t)(end - semi) - 2);
}

struct preference {
	int q;
	bool said;
};

static void
prefer(struct preference *p, int q)
{
	p->q = q > p->q ? q : p->q;
	p->said = true;
}

enum lang
request_read_language(const char *s)
{
	struct preference ja = { 0, false }, en = ja, any = ja;

	while (s != NULL && *s != '\0') {
		size_t n = strcspn(s, ","), tag = strcspn(s, ",;-_ \t");
		int q = weight_of(s, n);

		if (q >= 0 && tag == 2 && strncasecmp(s, "ja", 2) == 0)
			prefer(&ja, q);
		else if (q >= 0 && tag == 2 && strncasecmp(s, "en", 2) == 0)
			prefer(&en, q);
		else if (q >= 0 && tag == 1 && *s == '*')
			prefer(&any, q);
		s += n;
		s += strspn(s, ", \t");
	}
	return (en.said ? en.q : any.q) > (ja.said ? ja.q : any.q) ? LANG_EN : LANG_JA;
}

static char *
lower(struct arena *arena, const char *s, size_t n)
{
	char *out = arena_dup(arena, s, n), *p;

	for (p = out; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p |= 0x20;
	return out;
}

/* The value of charset=…, with or without quotes; n bytes of parameters. */
static void
read_charset(struct request *r, const char *s)
{
	size_t n;

	while (*s != '\0') {
		s += strspn(s, "; \t");
		n = strcspn(s, ";");
		if (n > 8 && strncasecmp(s, "charset=", 8) == 0) {
			s += 8;
			n -= 8;
			while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
				n--;
			if (n > 1 && s[0] == '"' && s[n - 1] == '"') {
				s++;
				n -= 2;
			}
			r->charset = lower(r->arena, s, n);
			return;
		}
		s += n;
	}
}

void
request_read_type(struct request *r)
{
	const char *v = request_header(r, "Content-Type");
	size_t n;

	if (v == NULL)
		return;
	n = strcspn(v, "; \t");
	r->content_type = lower(r->arena, v, n);
	read_charset(r, v + n);
}

static bool
is_request_id(const char *s)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";
	size_t n = strspn(s, allowed);

	return s[n] == '\0' && n >= 8 && n <= 64;
}

void
request_read_id(struct request *r)
{
	const char *sent = request_header(r, "X-Request-Id");
	uint8_t random[16];
	char *id;

	if (sent != NULL && is_request_id(sent)) {
		r->id = sent;
		return;
	}
	random_fill(random, sizeof(random));
	id = arena_alloc(r->arena, 2 * sizeof(random) + 1);
	hex_write(random, sizeof(random), id);
	r->id = id;
}
