/* The API room: what daichod.c needs of it. */
#ifndef API_API_H
#define API_API_H

#include <exchange/job.h>
#include <feed/gate.h>
#include <http/server.h>
#include <org/login.h>
#include <workflow/attachment.h>

/* A header map of the configuration: `map=<name>` of an import. */
struct named_map {
	const char *name;
	const char *map; /* "serial:serial_no,rack:-" */
};

/* What the handlers need besides the service; service.app points here. */
struct app {
	struct store *store;
	struct jobs *jobs;
	const struct named_map *maps; /* ends with name == NULL */
	struct login_desk login;
	const struct attachment_store *attachments;
	struct feed_gate *gate;	      /* where readers of events wait */
	const char *webhook_allow;    /* see feed/target.h */
	const char *openapi;	      /* the description of the API, made once */
};

/* Every route of the daemon, the only list of them; ends with path == NULL. */
extern const struct route routes[];

static inline const struct app *
app_of(const struct request *req)
{
	return req->service->app;
}

#endif
