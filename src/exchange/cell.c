#include <string.h>

#include <exchange/cell.h>
#include <exchange/csv.h>

static const char *
shown(const struct field *f, const char *text, bool labels)
{
	const struct choice *c;

	if (labels && f->choices != NULL)
		for (c = f->choices; c->value != NULL; c++)
			if (strcmp(c->value, text) == 0)
				return c->label;
	return text;
}

void
cell_put(const struct field *f, const char *text, bool labels, bool excel,
	 struct buf *scratch, struct buf *out)
{
	struct buf element;
	const char *p = text;

	if (text == NULL)
		return;
	if (f->type == FT_BOOL) {
		if (labels)
			buf_adds(out, text[0] == 't' ? "該当" : "非該当");
		else
			buf_adds(out, text[0] == 't' ? "true" : "false");
		return;
	}
	if (f->type != FT_TEXTS && f->type != FT_ENUMS) {
		text = shown(f, text, labels);
		csv_put(out, text, strlen(text), excel);
		return;
	}
	buf_clear(scratch);
	buf_init(&element, 1024 * 1024);
	while (array_next(&p, &element)) {
		if (scratch->len > 0)
			buf_addc(scratch, ';');
		buf_adds(scratch, shown(f, buf_text(&element), labels));
	}
	csv_put(out, buf_text(scratch), scratch->len, excel);
	buf_release(&element);
}
