/* What the bytes of a file tell by themselves: is it text, and what does a ZIP hold? */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <iconv.h>

#include "attachment_parts.h"

#define PIECE 4096
#define KEEP 8	  /* more than one character has bytes */
#define OVERLAP 32 /* more than one name is long */

struct decoder {
	iconv_t cd;
	bool bad;
	char keep[KEEP];
	size_t kept;
};

struct attachment_probe {
	struct decoder utf8, cp932;
	bool controls;
	bool begun, zip;
	uint8_t tail[OVERLAP];
	size_t tailed;
	unsigned parts;
};

static const struct {
	const char *name;
	enum attachment_part part;
} part_names[] = {
	{ "[Content_Types].xml", PART_TYPES }, { "word/document", PART_WORD },
	{ "xl/workbook", PART_XL }, { "ppt/presentation", PART_PPT },
	{ "vbaProject.bin", PART_MACRO },
};

struct attachment_probe *
attachment_probe_new(void)
{
	struct attachment_probe *p = xcalloc(1, sizeof(*p));

	p->utf8.cd = iconv_open("UTF-32LE", "UTF-8");
	p->cp932.cd = iconv_open("UTF-32LE", "CP932");
	p->utf8.bad = p->utf8.cd == (iconv_t)-1;
	p->cp932.bad = p->cp932.cd == (iconv_t)-1;
	return p;
}

void
attachment_probe_free(struct attachment_probe *p)
{
	if (p == NULL)
		return;
	if (p->utf8.cd != (iconv_t)-1)
		iconv_close(p->utf8.cd);
	if (p->cp932.cd != (iconv_t)-1)
		iconv_close(p->cp932.cd);
	free(p);
}

/* At most PIECE bytes; a character that is cut waits for the rest of it. */
static void
decode_piece(struct decoder *d, const uint8_t *p, size_t n)
{
	char in[KEEP + PIECE], out[4 * (KEEP + PIECE)];
	char *from = in, *to = out;
	size_t left = d->kept + n, room = sizeof(out);

	memcpy(in, d->keep, d->kept);
	memcpy(in + d->kept, p, n);
	d->kept = 0;
	if (iconv(d->cd, &from, &left, &to, &room) != (size_t)-1)
		return;
	if (errno == EINVAL && left < KEEP) {
		memcpy(d->keep, from, left);
		d->kept = left;
	} else {
		d->bad = true;
	}
}

static void
decode(struct decoder *d, const uint8_t *p, size_t n, bool last)
{
	while (n > 0 && !d->bad) {
		size_t take = n < PIECE ? n : PIECE;

		decode_piece(d, p, take);
		p += take;
		n -= take;
	}
	if (last && d->kept > 0)
		d->bad = true;
}

/* Neither encoding has these inside of a character. */
static bool
has_controls(const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r' &&
		     p[i] != '\f') || p[i] == 0x7f)
			return true;
	return false;
}

static void
look(struct attachment_probe *b, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(part_names); i++)
		if (memmem(p, n, part_names[i].name, strlen(part_names[i].name)) != NULL)
			b->parts |= part_names[i].part;
}

/* Names stand in a ZIP as they are; one may lie across two pieces. */
static void
look_for_parts(struct attachment_probe *b, const uint8_t *p, size_t n)
{
	uint8_t seam[2 * OVERLAP];
	size_t head = n < OVERLAP ? n : OVERLAP, both = b->tailed + head, keep;

	memcpy(seam, b->tail, b->tailed);
	memcpy(seam + b->tailed, p, head);
	look(b, seam, both);
	look(b, p, n);
	if (n >= OVERLAP) {
		memcpy(b->tail, p + n - OVERLAP, OVERLAP);
		b->tailed = OVERLAP;
		return;
	}
	keep = both < OVERLAP ? both : OVERLAP;
	memcpy(b->tail, seam + both - keep, keep);
	b->tailed = keep;
}

void
attachment_probe_take(struct attachment_probe *b, const uint8_t *p, size_t n, bool last)
{
	if (!b->begun && n > 0) {
		b->begun = true;
		b->zip = n >= 4 && memcmp(p, "PK\003\004", 4) == 0;
	}
	b->controls = b->controls || has_controls(p, n);
	if (!b->controls) {
		decode(&b->utf8, p, n, last);
		decode(&b->cp932, p, n, last);
	}
	if (b->zip && n > 0)
		look_for_parts(b, p, n);
}

bool
attachment_probe_is_utf8(const struct attachment_probe *b)
{
	return !b->controls && !b->utf8.bad;
}

bool
attachment_probe_is_text(const struct attachment_probe *b)
{
	return !b->controls && (!b->utf8.bad || !b->cp932.bad);
}

unsigned
attachment_probe_parts(const struct attachment_probe *b)
{
	return b->parts;
}
