/* The route table: proved whole at start, printed for `daichod --print-routes`. */
#include <stdio.h>
#include <string.h>

#include <org/office.h>
#include "router.h"

static const char *const method_names[METHOD__MAX] = { [METHOD_GET] = "GET",
	[METHOD_POST] = "POST", [METHOD_PUT] = "PUT", [METHOD_PATCH] = "PATCH",
	[METHOD_DELETE] = "DELETE" };

const char *
method_name(enum method m)
{
	return m < METHOD__MAX ? method_names[m] : "?";
}

static const char *
scope_name(enum scope s)
{
	static const char *const names[] = { [SCOPE_NOBODY] = "nobody", [SCOPE_PUBLIC] = "public",
		[SCOPE_READ] = "read", [SCOPE_WRITE] = "write", [SCOPE_IMPORT] = "import" };

	return (size_t)s < ARRAY_SIZE(names) ? names[s] : "?";
}

/* Same segments, whatever the captures are called: two such patterns match the same paths. */
static bool
same_shape(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		size_t n = strcspn(a + 1, "/") + 1, m = strcspn(b + 1, "/") + 1;

		if ((a[1] == '{') != (b[1] == '{'))
			return false;
		if (a[1] != '{' && (n != m || memcmp(a, b, n) != 0))
			return false;
		a += n;
		b += m;
	}
	return *a == *b;
}

static const char *
path_fault(const char *path)
{
	size_t segments = 0, captures = 0, n;

	for (; *path != '\0'; path += n) {
		if (*path != '/')
			return "path does not begin with /";
		n = strcspn(path + 1, "/") + 1;
		if (n == 1)
			return "path has an empty segment";
		if (path[1] == '{' && (path[n - 1] != '}' || n < 4))
			return "path has a broken capture";
		captures += path[1] == '{';
		if (++segments > SEGMENTS_MAX)
			return "path has too many segments";
	}
	if (captures > PATH_CAPTURES)
		return "path has too many captures";
	return segments == 0 ? "path is empty" : NULL;
}

static const char *
access_fault(const struct route *r)
{
	bool open = (r->offices & OFFICES_ANYONE) != 0;

	if (r->offices == OFFICES_NOBODY || r->scope == SCOPE_NOBODY)
		return "no office or no scope: nobody could call it";
	if (open != (r->scope == SCOPE_PUBLIC) || (open && r->offices != OFFICES_ANYONE))
		return "OFFICES_ANYONE stands alone and goes with SCOPE_PUBLIC";
	if (r->past != 0 && (r->method != METHOD_GET || (!(r->offices & OFFICES_KNOWN) &&
							 (r->past & ~r->offices) != 0)))
		return "past: of a GET, and no office that the row itself refuses";
	return NULL;
}

static const char *
row_fault(const struct route *r)
{
	if (r->method >= METHOD__MAX)
		return "no such method";
	if (access_fault(r) != NULL)
		return access_fault(r);
	if (r->run == NULL || r->opid == NULL || r->summary == NULL || r->tag == NULL)
		return "run, opid, summary or tag is missing";
	if ((r->method == METHOD_GET || r->method == METHOD_DELETE) && r->body != BODY_NONE)
		return "GET and DELETE take no body";
	if (r->pages && (str_starts(r->path, "/api/") || strcmp(r->path, "/api") == 0))
		return "a page below /api/";
	if (r->body == BODY_NONE && r->max_body != 0)
		return "a limit for a body that is refused";
	return path_fault(r->path);
}

static const char *
pair_fault(const struct route *a, const struct route *b)
{
	if (strcmp(a->opid, b->opid) == 0)
		return "the same opid";
	if (!same_shape(a->path, b->path))
		return NULL;
	if (strcmp(a->path, b->path) != 0)
		return "captures of one path with different names";
	return a->method == b->method ? "the same method and path" : NULL;
}

void
routes_check(const struct route *routes)
{
	const struct route *r, *other;
	const char *why;

	for (r = routes; r->path != NULL; r++) {
		why = row_fault(r);
		if (why != NULL)
			bug("routes[%td] %s: %s", r - routes, r->path, why);
		for (other = routes; other < r; other++) {
			why = pair_fault(other, r);
			if (why != NULL)
				bug("routes[%td] and [%td] %s: %s", other - routes, r - routes,
				    r->path, why);
		}
	}
}

static void
print_offices(uint32_t offices)
{
	const char *sep = "";
	int o;

	if (offices & OFFICES_ANYONE)
		printf("anyone");
	else if (offices & OFFICES_KNOWN)
		printf("known");
	else
		for (o = 0; o < OFFICE__MAX; o++)
			if (offices & OFFICE_BIT(o)) {
				printf("%s%s", sep, office_info(o)->code);
				sep = ",";
			}
}

void
routes_print(const struct service *service)
{
	const struct route *r;

	for (r = service->routes; r->path != NULL; r++) {
		size_t limit = r->max_body != 0 ? r->max_body : service_max_body(service, r->body);

		printf("%-6s %s ", method_name(r->method), r->path);
		print_offices(r->offices);
		printf(" %s %zu\n", scope_name(r->scope), limit);
	}
}
