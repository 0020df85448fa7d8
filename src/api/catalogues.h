/* What catalogues.c and catalogue_software.c share. */
#ifndef API_CATALOGUES_H
#define API_CATALOGUES_H

#include <libpq-fe.h>
#include <http/message.h>

/* Answers a change; what the database says of a state or an office is told on. */
enum err catalogues_answer(struct request *, struct response *, enum err,
			   const PGresult *) MUST;

/*
 * Reading of a server of 機密性3以上 is an event (6.6(2)②), reading how it is built no less; `what` of
 * it, or NULL.  Lists tell of versions, not what stands in them.
 */
enum err catalogues_note_reading(struct request *, const char *what) MUST;

#endif
