/* Two 機関 with rows of every level, and statements run in an office of one of them. */
#ifndef TESTS_DB_TWO_INSTITUTIONS_H
#define TESTS_DB_TWO_INSTITUTIONS_H

#include <ledger/store.h>

extern struct store *two_store;
extern struct arena *two_arena;
extern struct tx two_tx;

void two_begin(void); /* unchecked fixture */
void two_end(void);
void two_open(void); /* checked fixture */
void two_close(void);

/* Acts as "<person>.<institution>" from now on. */
void two_act(const char *person, const char *office, const char *institution, const char *reach);
void two_act_iso(void);

/* First cell of what must succeed; or just the error. */
const char *two_one(const char *sql);
enum err two_try(const char *sql);

#endif
