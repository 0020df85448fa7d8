/* The list of chores: all that the daemon does by the clock stands here. */
#include <api/chores.h>
#include <ledger/findings.h>
#include <workflow/act.h>

#define LOOK_S 60 /* how often the database is asked whether something is due */

void
chores_list(const struct config *c, struct chore ret[CHORES_MAX])
{
	long period = c->findings_period_s;
	const struct chore list[] = {
		{ .name = "findings", .run = findings_drain_chore },
		{ .name = "requests", .run = workflow_expire_chore, .period_s = LOOK_S },
		{ .name = "pass", .run = findings_pass_chore, .arg = period,
		  .period_s = period > 0 && period < LOOK_S ? period : LOOK_S },
		{ .name = NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		ret[i] = list[i];
}
