/*
 * workflow/attachment.h.  The first byte chooses the ending, the rest is the file, whose beginning
 * is a name and a header, too.  Holds: what is taken has an ending of its kind and its digest; a
 * name that is taken is taken again unchanged and has nothing in it that misleads.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <workflow/attachment.h>

#include "fuzz.h"

static void
check_name(struct arena *a, struct faults *faults, const uint8_t *data, size_t size)
{
	const char *name = NULL, *again = NULL;

	if (!attachment_name_read(a, arena_dup(a, (const char *)data, size), faults, &name)) {
		HOLDS(name == NULL && faults->total > 0);
		return;
	}
	HOLDS(text_is_utf8(name, strlen(name)) && strpbrk(name, "/\\:\"\r\n") == NULL);
	HOLDS(attachment_name_read(a, name, faults, &again) && strcmp(name, again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "a.pdf", "a.png", "a.jpg", "a.txt", "a.csv", "a.json",
		"a.docx", "a.xlsx", "a.pptx", "a.odt", "a.ods", "a.odp", "a.zip", "a.exe" };
	struct attachment_content c;
	struct arena *a = arena_new();
	struct faults faults;
	struct scratch *s;
	enum err e;
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	faults_init(&faults, a, 10);
	if (size > 0 && fd >= 0) {
		s = scratch_new(fd);
		HOLDS(scratch_add(s, data + 1, size - 1));
		e = attachment_content_read(a, s, names[data[0] % ARRAY_SIZE(names)], UINT32_MAX,
					    &faults, &c);
		HOLDS(e == OK || (e == ERR_FILE_TYPE && faults.total == 1));
		HOLDS(e != OK || (c.size == size - 1 && strlen(c.sha256) == 64 &&
				  c.media_type != NULL));
		HOLDS(e != OK || data[0] % ARRAY_SIZE(names) != ARRAY_SIZE(names) - 1);
		scratch_free(s);
		check_name(a, &faults, data + 1, size - 1 < 1200 ? size - 1 : 1200);
	}
	arena_free(a);
	return 0;
}
