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
 * A list is made of these few lines, several thousand times: room for a cell is asked for once,
 * and a member is copied at its full size, which is quicker than at its length.
 */
void
row_put_json(const struct row_form *form, const struct field_mask *mask, const PGresult *res,
	     int row, struct buf *b)
{
	size_t start = b->len, i, n, need;
	char *to;

	for (i = 0; i < form->count; i++) {
		const struct row_member *m = &form->members[i];
		bool empty = PQgetisnull(res, row, (int)i);

		if (mask->all ? empty && m->field->sheet != NULL : !mask->on[i])
			continue;
		n = empty ? 0 : (size_t)PQgetlength(res, row, (int)i);
		need = MEMBER_SIZE + VALUE_JSON_SIZE(n);
		to = b->cap - b->len > need ? b->data + b->len : buf_reserve(b, need);
		if (to == NULL)
			return;
		memcpy(to, m->text, MEMBER_SIZE);
		to += m->name_len;
		if (empty)
			to += strlen("null");
		else
			to = value_write_json(m->field, PQgetvalue(res, row, (int)i), n, to);
		*to = '\0';
		b->len = (size_t)(to - b->data);
	}
	if (b->len == start)
		buf_addc(b, '{');
	else
		b->data[start] = '{'; /* in the place of the first comma */
	buf_addc(b, '}');
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

const char *
row_version(const struct ledger *l, const PGresult *res, int row)
{
	return cell(l, "row_version", res, row);
}
