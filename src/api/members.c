#include <string.h>

#include <base/json.h>
#include "members.h"

static void
fault(struct request *req, const char *name, const char *code, const char *ja, const char *en)
{
	faults_add(&req->faults, &(struct fault){ .field = name, .code = code, .ja = ja,
						  .en = en });
}

static void
take(struct request *req, struct member *m, size_t n, const char *name, const json_t *value)
{
	size_t i;

	for (i = 0; i < n && strcmp(m[i].name, name) != 0; i++)
		;
	if (i == n)
		fault(req, name, "unknown_member", "ここにはない項目です。",
		      "There is no such member here.");
	else if (json_is_string(value))
		m[i].value = arena_strdup(req->arena, json_string_value(value));
	else if (!json_is_null(value))
		fault(req, name, "wrong_type", "文字列で指定してください。",
		      "A string is expected.");
}

enum err
members_read(struct request *req, struct member *m, size_t n)
{
	size_t before = req->faults.total, i;
	const char *why, *name;
	json_t *all, *value;

	if (json_read(req->arena, req->body, req->body_len, &all, &why) != OK) {
		req->detail = why;
		return ERR_BAD_JSON;
	}
	if (!json_is_object(all)) {
		fault(req, NULL, "wrong_type", "JSONオブジェクトを送ってください。",
		      "A JSON object is expected.");
		return ERR_INVALID;
	}
	json_object_foreach(all, name, value)
		take(req, m, n, name, value);
	if (req->faults.total == before)
		for (i = 0; i < n; i++)
			if (m[i].required && m[i].value == NULL)
				fault(req, m[i].name, "required", "必須の項目です。",
				      "This member is required.");
	return req->faults.total == before ? OK : ERR_INVALID;
}
