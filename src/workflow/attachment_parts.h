/* What the files about documents share. */
#ifndef WORKFLOW_ATTACHMENT_PARTS_H
#define WORKFLOW_ATTACHMENT_PARTS_H

#include <workflow/attachment.h>

#define ATTACHMENT_KEY 32
#define ATTACHMENT_KEYS_MAX 64

struct attachment_key {
	char name[ATTACHMENT_KEY_NAME_MAX + 1];
	uint8_t key[ATTACHMENT_KEY];
};

struct attachment_keys {
	size_t n;
	struct attachment_key v[ATTACHMENT_KEYS_MAX];
};

/* NULL: none of that name. */
const struct attachment_key *attachment_key_find(const struct attachment_keys *,
						 const char *name);

/* What the bytes tell, gathered piece by piece. */
struct attachment_probe;
struct attachment_probe *attachment_probe_new(void);
void attachment_probe_free(struct attachment_probe *);
void attachment_probe_take(struct attachment_probe *, const uint8_t *p, size_t n, bool last);

/* Is all of it text, as UTF-8 or as CP932, without controls? */
bool attachment_probe_is_utf8(const struct attachment_probe *);
bool attachment_probe_is_text(const struct attachment_probe *);

/* Names inside a ZIP. */
enum attachment_part { PART_TYPES = 1, PART_WORD = 2, PART_XL = 4, PART_PPT = 8, PART_MACRO = 16 };
unsigned attachment_probe_parts(const struct attachment_probe *);

#endif
