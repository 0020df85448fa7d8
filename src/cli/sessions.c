/* Passwords and sessions, where the machine stands. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <org/login.h>
#include <cli/cli.h>

/* The password: the first line of standard input; generated for a person at a terminal. */
static const char *
read_password(struct cli *c, const struct cli_args *a, bool *ret_made)
{
	char line[1024];

	*ret_made = cli_option(a, "generate") != NULL || isatty(STDIN_FILENO);
	if (*ret_made)
		return password_generate(c->arena);
	if (fgets(line, sizeof(line), stdin) == NULL)
		return "";
	line[strcspn(line, "\r\n")] = '\0';
	return arena_strdup(c->arena, line);
}

int
cmd_password_set(struct cli *c, const struct cli_args *a)
{
	struct password_conf conf = {
		.ops = (unsigned long long)c->config.password_operations,
		.memory = (size_t)c->config.password_memory };
	struct passwords *p;
	struct faults faults;
	const char *text;
	bool made;
	enum err e;

	faults_init(&faults, c->arena, 10);
	text = password_choose(c->arena, "password", a->v[0], read_password(c, a, &made),
			       &faults);
	if (text == NULL) {
		fprintf(stderr, "[%s] %s %s\n", faults.v[0].code, faults.v[0].ja, faults.v[0].en);
		return cli_fail("password set", "nothing was changed");
	}
	c->tx.ctx.operation = "password set";
	p = passwords_new(&conf);
	e = login_set_password(p, &c->tx, a->v[0], text, NULL);
	passwords_free(p);
	if (e == ERR_NOT_FOUND)
		return cli_fail("password set", "there is no such active person");
	if (e != OK)
		return cli_error(c, "password set", e);
	if (made)
		puts(text);
	return 0;
}

int
cmd_session_list(struct cli *c, const struct cli_args *a)
{
	struct session_conf conf = { .idle_s = c->config.session_idle_s,
		.max_s = c->config.session_max_s };
	struct sessions *s = sessions_new(&conf);
	PGresult *res;
	enum err e = session_list(s, &c->tx, cli_option(a, "person"), NULL, &res);
	int i;

	sessions_free(s);
	if (e != OK)
		return cli_error(c, "session list", e);
	for (i = 0; i < PQntuples(res); i++)
		printf("%s  %-20s since %s  seen %s  %-15s %s\n", PQgetvalue(res, i, 0),
		       PQgetvalue(res, i, 8), PQgetvalue(res, i, 3), PQgetvalue(res, i, 4),
		       PQgetvalue(res, i, 1), strcmp(PQgetvalue(res, i, 7), "t") == 0 ?
		       "second factor" : "");
	return 0;
}

/* By the id of a session, or all of a person. */
int
cmd_session_revoke(struct cli *c, const struct cli_args *a)
{
	struct tx_args args = { .n = 1, .v = { a->v[0] } };
	PGresult *res;
	enum err e;

	c->tx.ctx.operation = "session revoke";
	e = tx_once(&c->tx, "WITH ended AS (UPDATE session SET ended_at = act_now(),"
		    " ended_by = 'operator' WHERE (id = $1 OR person = $1) AND ended_at IS NULL"
		    " RETURNING person) SELECT count(*), max(person) FROM ended", &args, &res);
	if (e != OK)
		return cli_error(c, "session revoke", e);
	if (tx_int(res, 0, 0) == 0)
		return cli_fail("session revoke", "there is no such session, and nobody with one");
	e = login_note(&c->tx, "sessions ended", "account", tx_text(res, 0, 1), NULL);
	if (e != OK)
		return cli_error(c, "session revoke", e);
	printf("%s ended, within a second\n", PQgetvalue(res, 0, 0));
	return 0;
}
