/* Applications: their kinds in print, straight from the tables; and the clock. */
#include <stdio.h>

#include <workflow/act.h>
#include <workflow/kind.h>
#include <cli/cli.h>

int
cmd_workflow(struct cli *c, const struct cli_args *a)
{
	const char *only = a->n > 0 ? a->v[0] : NULL;
	bool dot = cli_option(a, "dot") != NULL;
	struct buf b;
	size_t i;

	(void)c;
	if (only != NULL && workflow_find(only) == NULL)
		return cli_fail(only, "no such kind of application");
	buf_init(&b, 4 * 1024 * 1024);
	for (i = 0; workflow_kinds[i] != NULL; i++) {
		if (only != NULL && workflow_kinds[i] != workflow_find(only))
			continue;
		if (b.len > 0)
			buf_addc(&b, '\n');
		(dot ? workflow_put_dot : workflow_put_text)(workflow_kinds[i], &b);
	}
	fputs(buf_text(&b), stdout);
	buf_release(&b);
	return 0;
}

int
cmd_requests_expire(struct cli *c, const struct cli_args *a)
{
	int64_t n;
	enum err e = workflow_expire(&c->tx, &n);

	(void)a;
	if (e != OK)
		return cli_error(c, "requests expire", e);
	printf("%lld permissions have ended\n", (long long)n);
	return 0;
}
