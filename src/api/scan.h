/* Lists of numbers as people send them: JSON, a column of a CSV table, lines of text. */
#ifndef API_SCAN_H
#define API_SCAN_H

#include <exchange/csv.h>
#include <http/message.h>

#define SCAN_MAX 5000

struct scan {
	const char *v[SCAN_MAX];
	size_t n;
};

/*
 * Reads the body: {"numbers": […]} beside the members of `others`, whose values are put into
 * their places; or one number per line.  Faults with line numbers; ERR_INVALID, ERR_BAD_JSON.
 */
struct member;
enum err scan_read(struct request *, struct member *others, size_t n, struct scan *ret) MUST;

/* Every record of a CSV body. */
enum err scan_csv(struct request *, csv_record_fn *, void *arg) MUST;

/* A fault of the body as a whole or of one of its lines. */
void scan_fault(struct request *, long line, const char *field, const char *code,
		const char *value, const char *ja, const char *en);

#endif
