#include <string.h>

#include <base/buf.h>
#include <org/token_scope.h>

#define NAME_MAX_BYTES 64

static const struct {
	const char *name;
	unsigned bits;
} actions[] = {
	{ "read", 1U << SCOPE_READ },
	{ "write", 1U << SCOPE_WRITE },
	{ "import", 1U << SCOPE_IMPORT },
	{ "*", 1U << SCOPE_READ | 1U << SCOPE_WRITE | 1U << SCOPE_IMPORT },
};

/* The form of a 機関's code, which is also that of a ledger's word. */
static bool
is_name(const char *s, size_t n)
{
	size_t i;

	if (n == 0 || n > NAME_MAX_BYTES || s[0] < 'a' || s[0] > 'z')
		return false;
	for (i = 1; i < n; i++)
		if ((s[i] < 'a' || s[i] > 'z') && (s[i] < '0' || s[i] > '9') && s[i] != '-')
			return false;
	return true;
}

/* `*` gives NULL. */
static bool
name_or_all(struct arena *arena, const char *s, size_t n, const char **ret)
{
	if (n == 1 && s[0] == '*') {
		*ret = NULL;
		return true;
	}
	if (!is_name(s, n))
		return false;
	*ret = arena_dup(arena, s, n);
	return true;
}

static unsigned
action_read(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(actions); i++)
		if (strlen(actions[i].name) == n && memcmp(actions[i].name, s, n) == 0)
			return actions[i].bits;
	return 0;
}

bool
token_scope_read(struct arena *arena, const char *text, struct token_scope *ret)
{
	struct token_scope s = { NULL, 0, NULL };
	const char *colon = strchr(text, ':'), *at;
	size_t n;

	if (colon != NULL && !name_or_all(arena, text, (size_t)(colon - text), &s.ledger))
		return false;
	if (colon != NULL)
		text = colon + 1;
	at = strchr(text, '@');
	n = at == NULL ? strlen(text) : (size_t)(at - text);
	/* a lone star says too little to be meant */
	if (colon == NULL && (at != NULL || strcmp(text, "*") == 0))
		return false;
	s.actions = action_read(text, n);
	if (s.actions == 0)
		return false;
	if (at != NULL && !name_or_all(arena, at + 1, strlen(at + 1), &s.institution))
		return false;
	*ret = s;
	return true;
}

const char *
token_scope_text(struct arena *arena, const struct token_scope *s)
{
	const char *action = "*";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(actions); i++)
		if (actions[i].bits == s->actions)
			action = actions[i].name;
	return arena_printf(arena, "%s:%s%s%s", s->ledger == NULL ? "*" : s->ledger, action,
			    s->institution == NULL ? "" : "@",
			    s->institution == NULL ? "" : s->institution);
}

bool
token_scopes_read(struct arena *arena, const char *list, const struct token_scope **ret,
		  size_t *ret_n)
{
	struct token_scope *v = arena_array(arena, TOKEN_SCOPES_MAX, sizeof(*v));
	size_t n = 0;

	for (;;) {
		size_t len = strcspn(list, ",");

		if (n == TOKEN_SCOPES_MAX ||
		    !token_scope_read(arena, arena_dup(arena, list, len), &v[n++]))
			return false;
		if (list[len] == '\0')
			break;
		list += len + 1;
	}
	*ret = v;
	*ret_n = n;
	return true;
}

bool
token_scope_check(struct arena *arena, const char *text, const struct token_names *names,
		  const char *field, struct faults *faults, struct token_scope *ret)
{
	struct fault f = { .field = field, .value = text };
	struct token_scope s;

	if (!token_scope_read(arena, text, &s)) {
		f.code = "bad_scope";
		f.ja = "権限は ledger:action@institution の形で指定してください（例: assets:read@hoshi）。";
		f.en = "Say ledger:action@institution with read, write, import or * as action.";
	} else if (s.ledger != NULL && !str_in(s.ledger, names->ledgers)) {
		f.code = "unknown_ledger";
		f.ja = "この台帳はありません。";
		f.en = "There is no such ledger.";
	} else if (s.institution != NULL && !str_in(s.institution, names->institutions)) {
		f.code = "unknown_institution";
		f.ja = "この機関は指定できません。";
		f.en = "There is no such institution for you.";
	} else {
		*ret = s;
		return true;
	}
	faults_add(faults, &f);
	return false;
}

bool
principal_is_token(const struct principal *p)
{
	return p != NULL && p->proof == PROOF_TOKEN;
}

static bool
covers(const struct token_scope *s, const char *ledger, enum scope scope,
       const char *institution)
{
	if (!(s->actions & 1U << scope))
		return false;
	if (ledger != NULL && s->ledger != NULL && strcmp(s->ledger, ledger) != 0)
		return false;
	return institution == NULL || s->institution == NULL ||
		strcmp(s->institution, institution) == 0;
}

bool
token_allows(const struct principal *p, const char *ledger, enum scope scope,
	     const char *institution)
{
	size_t i;

	if (!principal_is_token(p))
		return p != NULL;
	for (i = 0; i < p->token_scope_count; i++)
		if (covers(&p->token_scopes[i], ledger, scope, institution))
			return true;
	return false;
}

void
token_narrow(struct arena *arena, struct principal *p, const char *ledger, enum scope scope)
{
	static const enum scope all[] = { SCOPE_READ, SCOPE_WRITE, SCOPE_IMPORT };
	const char **institutions;
	struct appointment *offices;
	size_t i, n = 0, k = 0;

	if (!principal_is_token(p))
		return;
	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (!token_allows(p, ledger, all[i], NULL))
			p->scopes &= ~(1U << all[i]);
	institutions = arena_array(arena, p->institution_count + 1, sizeof(*institutions));
	for (i = 0; i < p->institution_count; i++)
		if (token_allows(p, ledger, scope, p->institutions[i]))
			institutions[n++] = p->institutions[i];
	offices = arena_array(arena, p->office_count + 1, sizeof(*offices));
	for (i = 0; i < p->office_count; i++)
		if (token_allows(p, ledger, scope, p->offices[i].institution))
			offices[k++] = p->offices[i];
	p->institutions = institutions;
	p->institution_count = n;
	p->offices = offices;
	p->office_count = k;
}
