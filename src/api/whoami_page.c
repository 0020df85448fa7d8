/* Person and offices as plain text: the first page, by which a proxy's word can be seen. */
#include <string.h>

#include "handlers.h"

enum err
whoami_page(struct request *req, struct response *resp)
{
	const struct principal *p = req->principal;
	struct buf *b = &resp->body;
	enum err e = request_args_done(req);
	size_t i;

	if (e != OK)
		return e;
	buf_addf(b, "%s (%s, %s)\n", p->name, p->login, p->home);
	for (i = 0; i < p->office_count; i++) {
		const struct appointment *a = &p->offices[i];
		const struct office_info *o = office_info(a->office);

		buf_addf(b, "%s%s%s\n", req->lang == LANG_EN ? o->en : o->ja,
			 a->institution == NULL ? "" : " @ ",
			 a->institution == NULL ? "" : a->institution);
	}
	resp->content_type = "text/plain; charset=utf-8";
	return OK;
}
