/* Notices by e-mail: those that wait, were sent or given up; never what they say. */
#include "handlers.h"
#include "sent.h"

#define COLUMNS                                                                               \
	"n.notice_no, n.institution, n.person, n.purpose, n.request, n.object, n.digest_day,"   \
	" n.state,"                                                                            \
	" n.attempts, n.last_error, CASE n.state WHEN 'waiting' THEN n.next_at END AS next_at," \
	" n.created_at, n.ended_at"

enum err
notices_list(struct request *req, struct response *resp)
{
	static const char *const states[] = { "waiting", "sent", "dead", "cancelled", NULL };

	return sent_list(req, resp, states, req->grant.scope,
		"SELECT " COLUMNS " FROM notice n WHERE n.institution = ANY ($1::text[])"
		" AND ($2::text IS NULL OR n.state = $2) AND ($3::bigint IS NULL OR"
		" n.notice_no < $3) ORDER BY n.notice_no DESC LIMIT 200");
}

enum err
notices_retry(struct request *req, struct response *resp)
{
	return sent_again(req, resp, req->grant.scope, req->capture[0],
		"UPDATE notice n SET state = 'waiting', next_at = act_now(), ended_at = NULL,"
		" attempts = CASE n.state WHEN 'dead' THEN 0 ELSE n.attempts END"
		" WHERE n.notice_no = $2 AND n.institution = ANY ($1::text[])"
		" AND n.state IN ('dead', 'waiting') RETURNING " COLUMNS,
		"SELECT state FROM notice WHERE notice_no = $2 AND institution = ANY ($1::text[])");
}
