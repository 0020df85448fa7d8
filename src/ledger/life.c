#include <string.h>

#include <ledger/life.h>

static const struct life_action actions[] = {
	{ "registration", "From here on the row counts: the mandatory columns must be there "
		"and the rules of mode R hold.", { "adopted" } },
	{ "start", "Operation begins. Rules of mode G must hold: an important server "
		"needs its permission and its administrator (2.1(2)⑧(f)).",
		{ "operation_started_on" } },
	{ "suspension", "Stopped or cut off at once, with nobody's approval "
		"(2.1(2)⑥(c)): also by the CSIRT on every row that it sees. No rule refuses it." },
	{ "resumption", "Back into operation. Its connections have ended with the stop: they take "
		"a new permission (4.1(2)②(c))." },
	{ "use", "Taken into use." },
	{ "storage", "Put back into storage." },
	{ "retirement", "The end of use; the row stays.", { "retired_on" } },
	{ "sanitisation", "Confirms that nothing can be read any more: the record of "
		"disposal must be complete (3.1(2)⑤(b), 6.11(2)⑤)." },
	{ "disposal", "Gone; the row stays. The record of disposal says when." },
	{ "loss", "Lost or stolen." },
	{ "recovery", "Found again: an asset is to be looked at first, so it is "
		"suspended; a medium is stored." },
};

const struct life_action *
life_action(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(actions); i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}
