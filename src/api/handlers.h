/* Handlers of the route table; what each answers stands there. */
#ifndef API_HANDLERS_H
#define API_HANDLERS_H

#include <api/api.h>

/* Link: rel="next": the same request with another cursor. */
const char *list_next_link(struct request *, const char *cursor);

enum err records_list(struct request *, struct response *);
enum err records_create(struct request *, struct response *);
enum err records_get(struct request *, struct response *);
enum err records_replace(struct request *, struct response *);
enum err records_patch(struct request *, struct response *);
enum err records_delete(struct request *, struct response *);
enum err records_history(struct request *, struct response *);
enum err records_register(struct request *, struct response *);
enum err records_retire(struct request *, struct response *);

enum err imports_run(struct request *, struct response *);
enum err imports_list(struct request *, struct response *);
enum err imports_get(struct request *, struct response *);

enum err rules_list(struct request *, struct response *);

enum err health(struct request *, struct response *);
enum err ready(struct request *, struct response *);
enum err metrics(struct request *, struct response *);
enum err openapi(struct request *, struct response *);
enum err whoami(struct request *, struct response *);

#endif
