/*
 * Findings are kept by the database: a change judges its own rows.  What is left to the program is
 * to judge what waits (rows of imports), and everything now and then: the pass finds what time,
 * offices and policy values have changed.
 */
#ifndef LEDGER_FINDINGS_H
#define LEDGER_FINDINGS_H

#include <db/keeper.h>

#define FINDING_FAMILIES_MAX 128

/* What a pass did, by family of rules ("REG"), in order. */
struct findings_report {
	size_t n;
	struct finding_family {
		const char *name;
		int64_t opened, closed;
		int64_t open; /* now, covered by 例外措置 or not */
	} families[FINDING_FAMILIES_MAX];
};

/*
 * Judges every row, in one transaction (or in the open one, which its owner then commits).
 * ERR_STATE: another pass is under way, or `period_s` > 0 and the last one ended less than that
 * ago.  `stopping`, may be NULL: given up (rolled back, ERR_OVERLOADED) when it becomes true.
 */
enum err findings_pass(struct tx *, int64_t period_s, const atomic_bool *stopping,
		       struct findings_report *ret) MUST;

/*
 * As chores: one lot of what waits, each second and at once while there may be more (an import of
 * 10⁶ rows waits in 2000 lots); the pass, whenever `arg` seconds have passed.
 */
enum err findings_drain_chore(struct tx *, const struct chore *, const atomic_bool *, bool *) MUST;
enum err findings_pass_chore(struct tx *, const struct chore *, const atomic_bool *, bool *) MUST;

#endif
