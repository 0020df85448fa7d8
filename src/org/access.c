#include <string.h>

#include <base/buf.h>
#include <org/access.h>

/* Offices that reach the whole 機構 read everywhere, but change rows only at home (2.1(2)①). */
static bool
reaches(const struct principal *p, const struct appointment *a, bool writing,
	const char *institution)
{
	if (!office_info(a->office)->everywhere)
		return str_eq(a->institution, institution);
	return !writing || str_eq(p->home, institution);
}

/* '{nao,nifs}': codes are plain letters and digits, so nothing needs quoting. */
static const char *
scope_of(struct arena *arena, const struct principal *p, enum office office, bool writing)
{
	struct buf b;
	const char *text;
	size_t i, k;

	buf_init(&b, 64 * 1024);
	for (i = 0; i < p->institution_count; i++)
		for (k = 0; k < p->office_count; k++)
			if (p->offices[k].office == office &&
			    reaches(p, &p->offices[k], writing, p->institutions[i])) {
				buf_addf(&b, "%c%s", b.len == 0 ? '{' : ',', p->institutions[i]);
				break;
			}
	buf_adds(&b, b.len == 0 ? "{}" : "}");
	text = arena_strdup(arena, buf_text(&b));
	buf_release(&b);
	return text;
}

static enum reach
wider(enum reach a, enum reach b)
{
	return a > b ? a : b;
}

/* How wide an office is for one kind of act: reach first, then ④. */
static int
width(enum office o, enum scope scope)
{
	const struct office_info *i = office_info(o);
	enum reach r = scope == SCOPE_READ ? wider(i->read_assets, i->read_media) :
		wider(i->write_assets, i->write_media);

	return (int)r * 2 + (i->four ? 1 : 0);
}

/* OFFICE__MAX: none that the person holds is among these. */
static enum office
choose(const struct principal *p, uint32_t offices, enum scope scope, const char *chosen)
{
	enum office best = OFFICE__MAX;
	size_t i;

	for (i = 0; i < p->office_count; i++) {
		enum office o = p->offices[i].office;
		int more;

		if (!(offices & (OFFICE_BIT(o) | OFFICES_KNOWN)) ||
		    (chosen != NULL && strcmp(office_info(o)->code, chosen) != 0))
			continue;
		more = best == OFFICE__MAX ? 1 : width(o, scope) - width(best, scope);
		if (more > 0 || (more == 0 && o < best))
			best = o;
	}
	return best;
}

enum err
access_decide(struct arena *arena, const struct principal *p, uint32_t offices,
	      enum scope scope, const char *chosen, struct grant *ret)
{
	struct grant g = { .office = OFFICE__MAX, .scope = "{}", .read_scope = "{}",
		.write_scope = "{}", .reach = "nnnn-" };
	char reach[OFFICE_REACH_SIZE];

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
	g.office = choose(p, offices, scope, chosen);
	if (g.office == OFFICE__MAX && (chosen != NULL || !(offices & OFFICES_KNOWN)))
		return ERR_FORBIDDEN;
	if (g.office != OFFICE__MAX) {
		g.read_scope = scope_of(arena, p, g.office, false);
		g.write_scope = scope_of(arena, p, g.office, true);
		office_reach(g.office, reach);
		g.reach = arena_strdup(arena, reach);
	}
	g.scope = scope == SCOPE_READ ? g.read_scope : g.write_scope;
	*ret = g;
	return OK;
}
