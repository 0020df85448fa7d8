/* The printed table of kinds and steps, tests/golden/workflow.txt, for the oracle of walks. */
#ifndef TESTS_DB_WALK_GOLDEN_H
#define TESTS_DB_WALK_GOLDEN_H

#include "walk.h"

#define GOLDEN_WORDS 120

struct golden_line {
	char from[32], action[32], to[32], who[GOLDEN_WORDS], not_same[GOLDEN_WORDS];
	bool decides;
	int kind;
};

struct golden_kind {
	char code[40], approver[40], power[40];
};

struct golden {
	struct golden_kind kinds[WALK_KINDS_MAX];
	struct golden_line lines[WALK_LINES_MAX];
	int n_kinds, n_lines;
};

/* Read anew; to be freed. */
struct golden *golden_read(void);

/* NULL: no such line. */
const struct golden_line *golden_line(const struct golden *, int kind, const char *from,
				      const char *action);
/* The decision that a confirmation stands for: the first that leads on. */
const struct golden_line *golden_decision(const struct golden *, int kind, const char *from);

/* Is the word one of a list with these between them? */
bool golden_word(const char *list, const char *word, char between);

#endif
