#include <string.h>

#include <base/buf.h>
#include "arguments.h"

static const char *
list_of(struct request *req, const char *const *choices)
{
	struct buf b;
	const char *text;
	size_t i;

	buf_init(&b, 4096);
	for (i = 0; choices[i] != NULL; i++)
		buf_addf(&b, "%s%s", i == 0 ? "" : ", ", choices[i]);
	text = arena_strdup(req->arena, buf_text(&b));
	buf_release(&b);
	return text;
}

enum err
argument_choice(struct request *req, const char *name, const char *const *choices, bool needed,
		const char **ret)
{
	const char *value = request_arg(req, name), *list;

	if (value == NULL ? !needed : str_in(value, choices)) {
		*ret = value;
		return OK;
	}
	list = list_of(req, choices);
	request_arg_fault(req, name, value == NULL ? "required" : "unknown_choice",
			  arena_printf(req->arena, "次のいずれかを指定してください：%s", list),
			  arena_printf(req->arena, "One of: %s.", list));
	return ERR_BAD_QUERY;
}
