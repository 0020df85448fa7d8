#include <string.h>

#include "principal.h"

static size_t
split(struct arena *arena, const char *list, const char *const **ret)
{
	const char **v = arena_array(arena, strlen(list) / 2 + 2, sizeof(*v));
	size_t n = 0;

	while (*list != '\0') {
		size_t len = strcspn(list, ",");

		v[n++] = arena_dup(arena, list, len);
		list += len + (list[len] == ',');
	}
	*ret = v;
	return n;
}

static const char *
part(struct arena *arena, const char **at)
{
	size_t n = strcspn(*at, ":");
	const char *s = n == 0 ? NULL : arena_dup(arena, *at, n);

	*at += n + ((*at)[n] == ':');
	return s;
}

/* "office:institution:unit", the last two empty where the office reaches further. */
static bool
read_appointment(struct arena *arena, const char *text, struct appointment *ret)
{
	const char *office = part(arena, &text);

	ret->office = office == NULL ? OFFICE__MAX : office_find(office);
	ret->institution = part(arena, &text);
	ret->unit = part(arena, &text);
	return ret->office != OFFICE__MAX;
}

struct principal *
principal_build(struct arena *arena, const char *account, const char *const facts[PERSON_FACTS])
{
	struct principal *p = arena_alloc(arena, sizeof(*p));
	const char *const *list;
	struct appointment *offices;
	size_t n, i;

	p->login = facts[FACT_LOGIN];
	p->name = facts[FACT_NAME];
	p->home = facts[FACT_HOME];
	p->account = account;
	n = split(arena, facts[FACT_OFFICES], &list);
	offices = arena_array(arena, n + 1, sizeof(*offices));
	for (i = 0; i < n; i++)
		if (read_appointment(arena, list[i], &offices[p->office_count]))
			p->office_count++;
	p->offices = offices;
	p->institution_count = split(arena, facts[FACT_INSTITUTIONS], &p->institutions);
	return p;
}
