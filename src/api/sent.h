/* Lists of what is sent out, and one of them once more: webhooks and e-mail are told of alike. */
#ifndef API_SENT_H
#define API_SENT_H

#include <http/message.h>

/*
 * Newest first, a page of 200.  `sql` takes $1 `of`, $2 a state or NULL, $3 the number before which
 * the page begins or NULL; its first column is the number.
 */
enum err sent_list(struct request *, struct response *, const char *const *states, const char *of,
		   const char *sql) MUST;

/*
 * A dead one begins anew, a waiting one goes at once.  `sql` and `there_sql` take $1 `of` and $2
 * `number`; the second one tells one that is not sent again from one that is not there.
 */
enum err sent_again(struct request *, struct response *, const char *of, const char *number,
		    const char *sql, const char *there_sql) MUST;

#endif
