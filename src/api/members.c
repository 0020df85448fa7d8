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
	json_t *other;

	return members_read_beside(req, m, n, NULL, &other);
}

enum err
members_read_beside(struct request *req, struct member *m, size_t n, const char *other,
		    json_t **ret)
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
		if (str_eq(name, other))
			*ret = value;
		else
			take(req, m, n, name, value);
	if (req->faults.total == before)
		for (i = 0; i < n; i++)
			if (m[i].required && m[i].value == NULL)
				fault(req, m[i].name, "required", "必須の項目です。",
				      "This member is required.");
	return req->faults.total == before ? OK : ERR_INVALID;
}

/* Of the value of one member, a fault or *ret. */
static void
take_value(struct request *req, const struct field *fields, size_t n, const char *name,
	   const json_t *value, const char **ret)
{
	size_t i;

	for (i = 0; i < n && strcmp(fields[i].name, name) != 0; i++)
		;
	if (i == n)
		fault(req, name, "unknown_member", "ここにはない項目です。",
		      "There is no such member here.");
	else if (!value_from_json(&fields[i], req->arena, value, &req->faults, &ret[i]))
		ret[i] = NULL;
}

enum err
members_values(struct request *req, const struct field *fields, size_t n, const char **ret)
{
	size_t before = req->faults.total, i;
	const char *why, *name;
	json_t *all = NULL, *value;

	memset(ret, 0, n * sizeof(*ret));
	if (req->body_len > 0 &&
	    json_read(req->arena, req->body, req->body_len, &all, &why) != OK) {
		req->detail = why;
		return ERR_BAD_JSON;
	}
	if (all != NULL && !json_is_object(all)) {
		fault(req, NULL, "wrong_type", "JSONオブジェクトを送ってください。",
		      "A JSON object is expected.");
		return ERR_INVALID;
	}
	json_object_foreach(all, name, value)
		take_value(req, fields, n, name, value, ret);
	if (req->faults.total == before)
		for (i = 0; i < n; i++)
			if ((fields[i].flags & FF_REQUIRED) && ret[i] == NULL)
				fault(req, fields[i].name, "required", "必須の項目です。",
				      "This member is required.");
	return req->faults.total == before ? OK : ERR_INVALID;
}
