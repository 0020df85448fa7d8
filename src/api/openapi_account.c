/* What log-in and account take and answer. */
#include <stdio.h>

#include "handlers.h"
#include "openapi_parts.h"

/* Members that are texts; those after the first `required` may be left out. */
static json_t *
texts_body(const char *const *names, size_t n, size_t required)
{
	json_t *members = openapi_must(json_object()), *needed = openapi_must(json_array());
	size_t i;

	for (i = 0; i < n; i++) {
		openapi_set(members, names[i], json_pack("{s:s}", "type", "string"));
		if (i < required)
			openapi_add(needed, json_string(names[i]));
	}
	return json_pack("{s:{s:{s:s, s:o, s:o, s:b}}}", "application/json", "schema", "type",
			 "object", "properties", members, "required", needed,
			 "additionalProperties", 0);
}

static json_t *
login_body(const struct ledger *l)
{
	static const char *const names[] = { "login", "password", "otp", "recovery_code" };

	(void)l;
	return texts_body(names, 4, 2);
}

static json_t *
proof_body(const struct ledger *l)
{
	static const char *const names[] = { "password", "otp", "recovery_code" };

	(void)l;
	return texts_body(names, 3, 1);
}

static json_t *
password_body(const struct ledger *l)
{
	static const char *const names[] = { "current", "new" };

	(void)l;
	return texts_body(names, 2, 2);
}

static json_t *
otp_body(const struct ledger *l)
{
	static const char *const names[] = { "otp" };

	(void)l;
	return texts_body(names, 1, 1);
}

static json_t *
session_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("SessionBegun");
}

static json_t *
list_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("SessionList");
}

static json_t *
current_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("SessionCurrent");
}

static json_t *
totp_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("SecondFactor");
}

static json_t *
codes_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("RecoveryCodes");
}

static const struct operation operations[] = {
	{ .run = sessions_create, .status = 201, .done = "You are logged in.",
	  .note = "Of login, password and second factor it is not told which was wrong. After "
		"failures, wait as Retry-After says.",
	  .headers = { "Location" }, .refuses = { 401, 403, 429, 503 },
	  .body = login_body, .answer = session_answer },
	{ .run = sessions_reauthenticate, .status = 200, .done = "The proof is fresh.",
	  .note = "The cookie and X-CSRF-Token are others from now on.", .refuses = { 429 },
	  .body = proof_body, .answer = session_answer },
	{ .run = sessions_list, .status = 200, .done = "Your sessions.",
	  .answer = list_answer },
	{ .run = sessions_current, .status = 200, .done = "The session.",
	  .answer = current_answer },
	{ .run = sessions_logout, .status = 204, .done = "You are logged out." },
	{ .run = sessions_end, .status = 204, .done = "It has ended." },
	{ .run = sessions_end_person, .status = 204, .done = "They have ended." },
	{ .run = account_password, .status = 200, .done = "It is changed.", .refuses = { 429 },
	  .note = "12 to 128 characters. Other sessions have ended.",
	  .body = password_body, .answer = session_answer },
	{ .run = account_totp_enrol, .status = 201, .done = "The secret, shown this once.",
	  .note = "It counts once it is confirmed.", .answer = totp_answer },
	{ .run = account_totp_confirm, .status = 200, .done = "From now on it is asked for.",
	  .body = otp_body, .answer = session_answer },
	{ .run = account_totp_remove, .status = 204, .done = "It is gone." },
	{ .run = account_recovery_codes, .status = 201, .done = "The codes, shown this once.",
	  .refuses = { 409 }, .answer = codes_answer },
};

const struct operation *
openapi_describe_account(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
