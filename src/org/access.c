#include <string.h>

#include <base/buf.h>
#include <org/access.h>

/* Offices that reach the whole 機構 read everywhere, but change rows only at home (2.1(2)①). */
static bool
reaches(const struct principal *p, const struct appointment *a, enum scope scope,
	const char *institution)
{
	if (!office_info(a->office)->everywhere)
		return str_eq(a->institution, institution);
	return scope == SCOPE_READ || str_eq(p->home, institution);
}

/* '{nao,nifs}': codes are plain letters and digits, so nothing needs quoting. */
static const char *
scope_of(struct arena *arena, const struct principal *p, uint32_t offices, enum scope scope)
{
	struct buf b;
	const char *text;
	size_t i, k;

	buf_init(&b, 64 * 1024);
	for (i = 0; i < p->institution_count; i++)
		for (k = 0; k < p->office_count; k++)
			if ((offices & OFFICE_BIT(p->offices[k].office)) &&
			    reaches(p, &p->offices[k], scope, p->institutions[i])) {
				buf_addf(&b, "%c%s", b.len == 0 ? '{' : ',', p->institutions[i]);
				break;
			}
	buf_adds(&b, b.len == 0 ? "{}" : "}");
	text = arena_strdup(arena, buf_text(&b));
	buf_release(&b);
	return text;
}

enum err
access_decide(struct arena *arena, const struct principal *p, uint32_t offices,
	      enum scope scope, struct grant *ret)
{
	struct grant g = { .office = OFFICE__MAX, .scope = "{}" };
	size_t i;

	if (offices == OFFICES_NOBODY || scope == SCOPE_NOBODY)
		return p == NULL ? ERR_UNAUTHENTICATED : ERR_FORBIDDEN;
	if (offices == OFFICES_ANYONE && scope == SCOPE_PUBLIC) {
		*ret = g;
		return OK;
	}
	if (p == NULL)
		return ERR_UNAUTHENTICATED;
	if (!(p->scopes & (1U << scope)))
		return ERR_FORBIDDEN;
	for (i = 0; i < p->office_count && g.office == OFFICE__MAX; i++)
		if (offices & OFFICE_BIT(p->offices[i].office))
			g.office = p->offices[i].office;
	if (g.office == OFFICE__MAX && !(offices & OFFICES_KNOWN))
		return ERR_FORBIDDEN;
	g.scope = scope_of(arena, p, offices, scope);
	*ret = g;
	return OK;
}
