#include <string.h>

#include <sodium.h>

#include <http/csrf.h>

enum csrf_source
csrf_source(const char *site, const char *origin, const char *own)
{
	if (site != NULL)
		return strcmp(site, "same-origin") == 0 ? CSRF_OWN : CSRF_FOREIGN;
	if (origin != NULL)
		return str_eq(origin, own) ? CSRF_OWN : CSRF_FOREIGN;
	return CSRF_SILENT;
}

bool
csrf_allows(enum csrf_source source, const char *sent, const char *token)
{
	return source == CSRF_OWN && sent != NULL && token != NULL &&
		strlen(sent) == strlen(token) && sodium_memcmp(sent, token, strlen(token)) == 0;
}
