#include <stdlib.h>
#include <string.h>

#include <ledger/row.h>
#include <ledger/value.h>

/* `,"name":null`; PostgreSQL has names of at most 63 bytes */
#define MEMBER_SIZE 80

struct row_form {
	size_t count;
	struct row_member {
		char text[MEMBER_SIZE];
		size_t name_len; /* up to the colon */
		size_t length;
		const struct field *field;
	} members[];
};

struct row_form *
row_form_new(const struct ledger *l)
{
	struct row_form *form = xcalloc(1, sizeof(*form) + l->count * sizeof(*form->members));
	size_t i;
	int n;

	form->count = l->count;
	for (i = 0; i < l->count; i++) {
		struct row_member *m = &form->members[i];

		m->field = &l->fields[i];
		n = snprintf(m->text, sizeof(m->text), ",\"%s\":null", m->field->name);
		if (n < 0 || (size_t)n >= sizeof(m->text))
			bug("%s: the name %s is too long", l->path, m->field->name);
		m->length = (size_t)n;
		m->name_len = (size_t)n - strlen("null");
	}
	return form;
}

void
row_form_free(struct row_form *form)
{
	free(form);
}

/*
 * A list is made of these few lines, several thousand times.  There is always room for the members
 * that are left, should they all be empty; a member is copied at its full size, which is quicker
 * than at its length.
 */
void
row_put_json(const struct row_form *form, const struct field_mask *mask, const PGresult *res,
	     int row, struct buf *b)
{
	size_t start = b->len, i, n, need;
	char *to = buf_reserve(b, form->count * MEMBER_SIZE + 2);

	for (i = 0; i < form->count && to != NULL; i++) {
		const struct row_member *m = &form->members[i];
		bool empty = PQgetisnull(res, row, (int)i);

		if (mask->all ? empty && m->field->sheet != NULL : !mask->on[i])
			continue;
		memcpy(to, m->text, MEMBER_SIZE);
		if (empty) {
			to += m->length;
			continue;
		}
		to += m->name_len;
		n = (size_t)PQgetlength(res, row, (int)i);
		need = (form->count - i) * MEMBER_SIZE + VALUE_JSON_SIZE(n) + 2;
		if (b->cap - (size_t)(to - b->data) <= need) {
			*to = '\0';
			b->len = (size_t)(to - b->data);
			to = buf_reserve(b, need);
			if (to == NULL)
				break;
		}
		to = value_write_json(m->field, PQgetvalue(res, row, (int)i), n, to);
	}
	if (to == NULL)
		return;
	if (to == b->data + start)
		*to++ = '{';
	else
		b->data[start] = '{'; /* in the place of the first comma */
	*to++ = '}';
	*to = '\0';
	b->len = (size_t)(to - b->data);
}

static const char *
cell(const struct ledger *l, const char *name, const PGresult *res, int row)
{
	return PQgetvalue(res, row, (int)field_index(l, ledger_field(l, name)));
}

const char *
row_key(const struct ledger *l, const PGresult *res, int row)
{
	return cell(l, l->key, res, row);
}

/* Stands near the end, with the other bookkeeping. */
const char *
row_version(const struct ledger *l, const PGresult *res, int row)
{
	size_t i = l->count;

	while (i-- > 0)
		if (strcmp(l->fields[i].name, "row_version") == 0)
			return PQgetvalue(res, row, (int)i);
	bug("%s: no row_version", l->path);
}
