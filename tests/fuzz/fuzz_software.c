/*
 * software.h and purl.h.  The first byte chooses the format.  Holds: what is read is text within
 * its ceilings; a package URL that was made is canonical and reads as itself; a refusal tells why.
 */
#include <string.h>

#include <base/text.h>
#include <exchange/purl.h>
#include <exchange/software.h>

#include "fuzz.h"

static void
hold_line(struct arena *arena, const struct software *s)
{
	const char *why, *again;
	struct purl p;
	size_t c;

	for (c = 0; c < SW__MAX; c++)
		if (s->v[c] != NULL)
			HOLDS(s->v[c][0] != '\0' && text_is_utf8(s->v[c], strlen(s->v[c])));
	HOLDS(s->v[SW_NAME] != NULL && s->v[SW_VERSION] != NULL && s->v[SW_TYPE] != NULL);
	if (s->v[SW_PURL] == NULL || strlen(s->v[SW_PURL]) > PURL_MAX)
		return;
	HOLDS(purl_read(arena, s->v[SW_PURL], &p, &why));
	again = purl_text(arena, &p);
	HOLDS(again != NULL && strcmp(again, s->v[SW_PURL]) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena;
	struct faults faults;
	struct software_list list;
	const char *why = NULL;
	enum err e;
	size_t i;

	if (size == 0)
		return 0;
	arena = arena_new();
	faults_init(&faults, arena, 50);
	software_list_init(&list, arena, &faults, data[0] & 0x10 ? "debian-12" : NULL);
	e = software_read(&list, (enum software_format)(data[0] % (SOFTWARE__MAX + 1)),
			  arena_dup(arena, (const char *)data + 1, size - 1), size - 1, &why);
	if (e == OK) {
		HOLDS(faults.total == 0 && list.n > 0 && list.n <= SOFTWARE_MAX);
		for (i = 0; i < list.n; i++)
			hold_line(arena, &list.v[i]);
		HOLDS(software_json(&list)[0] == '[');
	} else {
		HOLDS((e == ERR_BAD_JSON && why != NULL) || (e == ERR_INVALID && faults.total > 0));
	}
	arena_free(arena);
	return 0;
}
