/* findings: judge all rows now. */
#include <stdio.h>

#include <cli/cli.h>
#include <ledger/findings.h>

int
cmd_findings_refresh(struct cli *c, const struct cli_args *a)
{
	struct findings_report report;
	size_t i;
	enum err e = findings_pass(&c->tx, 0, NULL, &report);

	(void)a;
	if (e == ERR_STATE)
		return cli_fail("findings refresh", "another pass is under way");
	if (e != OK)
		return cli_error(c, "findings refresh", e);
	puts("family    opened    closed      open");
	for (i = 0; i < report.n; i++) {
		const struct finding_family *f = &report.families[i];

		printf("%-6s%10lld%10lld%10lld\n", f->name, (long long)f->opened,
		       (long long)f->closed, (long long)f->open);
	}
	return 0;
}
