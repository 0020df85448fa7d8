/* What handlers share that act on applications. */
#ifndef API_REQUESTS_H
#define API_REQUESTS_H

#include <http/message.h>

/* What an application of this state refuses is said first by its state, see workflow/act.h. */
enum err requests_wrong_state(struct request *, enum err);

/* 412 of what belongs to an application: that is it, as it stands now. */
enum err requests_answer_changed(struct request *, const char *no);

#endif
