/* What a person does with their own password and second factor. */
#include <string.h>

#include <base/json.h>
#include "members.h"
#include "sessions.h"

enum err
account_password(struct request *req, struct response *resp)
{
	struct member m[] = { { "current", true }, { "new", true } };
	const struct principal *p = req->principal;
	struct login_proof proof;
	struct credentials c;
	const char *chosen;
	enum err e = request_args_done(req);

	if (e == OK)
		e = members_read(req, m, ARRAY_SIZE(m));
	if (e != OK)
		return e;
	chosen = password_choose(req->arena, "new", p->login, m[1].value, &req->faults);
	if (chosen == NULL)
		return ERR_INVALID;
	/* who has the session has given the second factor, if there is one, or proves it first */
	c = (struct credentials){ .login = p->login, .password = m[0].value,
		.has_second_factor = p->second_factor };
	e = sessions_prove(req, &c, &proof);
	if (e == OK)
		e = login_set_password(app_of(req)->login.passwords, &req->tx, p->login, chosen,
				       p->account);
	return e == OK ? sessions_renew(req, resp, false, "password changed") : e;
}

enum err
account_totp_enrol(struct request *req, struct response *resp)
{
	struct totp_enrolment t;
	enum err e = request_args_done(req);

	if (e == OK)
		e = totp_enrol(app_of(req)->login.seal, &req->tx, req->principal->login, &t);
	if (e == OK)
		e = login_note(&req->tx, "second factor enrolled", "account",
			       req->principal->login, NULL);
	if (e != OK)
		return e;
	buf_adds(&resp->body, "{\"uri\":");
	json_put_cstring(&resp->body, t.uri);
	buf_adds(&resp->body, ",\"secret\":");
	json_put_cstring(&resp->body, t.secret);
	buf_adds(&resp->body, "}\n");
	resp->status = 201;
	return OK;
}

enum err
account_totp_confirm(struct request *req, struct response *resp)
{
	struct member m[] = { { "otp", true } };
	enum err e = request_args_done(req);

	if (e == OK)
		e = members_read(req, m, ARRAY_SIZE(m));
	if (e == OK)
		e = totp_confirm(app_of(req)->login.seal, &req->tx, req->principal->login,
				 m[0].value);
	if (e == ERR_CREDENTIALS) {
		faults_add(&req->faults, &(struct fault){ .field = "otp", .code = "wrong_code",
			.ja = "ワンタイムパスワードが一致しません。時計を確認してください。",
			.en = "This is not the code; is the clock right?" });
		return ERR_INVALID;
	}
	return e == OK ? sessions_renew(req, resp, true, "second factor confirmed") : e;
}

enum err
account_totp_remove(struct request *req, struct response *resp)
{
	enum err e = request_args_done(req);

	if (e == OK && !req->principal->second_factor)
		e = ERR_NO_SECOND_FACTOR;
	if (e == OK)
		e = tx_begin(&req->tx);
	if (e == OK)
		e = totp_remove(&req->tx, req->principal->login);
	if (e == OK)
		e = login_note(&req->tx, "second factor removed", "account",
			       req->principal->login, NULL);
	if (e == OK)
		e = tx_commit(&req->tx);
	tx_rollback(&req->tx);
	resp->status = 204;
	return e;
}

enum err
account_recovery_codes(struct request *req, struct response *resp)
{
	const char *codes[RECOVERY_CODES];
	enum err e = request_args_done(req);
	int i;

	if (e == OK && !req->principal->second_factor)
		e = ERR_NO_SECOND_FACTOR;
	if (e == OK)
		e = tx_begin(&req->tx);
	if (e == OK)
		e = recovery_renew(&req->tx, req->principal->login, codes);
	if (e == OK)
		e = login_note(&req->tx, "recovery codes renewed", "account",
			       req->principal->login, NULL);
	if (e == OK)
		e = tx_commit(&req->tx);
	tx_rollback(&req->tx);
	if (e != OK)
		return e;
	buf_adds(&resp->body, "{\"codes\":[");
	for (i = 0; i < RECOVERY_CODES; i++)
		buf_addf(&resp->body, "%s\"%s\"", i == 0 ? "" : ",", codes[i]);
	buf_adds(&resp->body, "]}\n");
	resp->status = 201;
	return OK;
}
