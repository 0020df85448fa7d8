/* The bundle of 機関CSIRT for days without a network: exchange/bundle.h. */
#include <string.h>

#include <exchange/bundle.h>
#include "handlers.h"

static enum err
read_part(struct request *req, enum bundle_part *ret)
{
	const char *part = request_arg(req, "part");

	*ret = part == NULL ? BUNDLE_HTML : bundle_part_find(part);
	if (*ret != BUNDLE_PART__MAX)
		return OK;
	request_arg_fault(req, "part", "unknown_choice",
			  "html、contacts、servers、software のいずれかです。",
			  "One of html, contacts, servers, software.");
	return ERR_BAD_QUERY;
}

enum err
report_bundle(struct request *req, struct response *resp)
{
	const char *institution = request_arg(req, "institution"), *file;
	enum bundle_part part;
	struct bundle bundle;
	enum err e = read_part(req, &part), one = request_args_done(req);

	e = e == OK ? one : e;
	if (institution == NULL)
		institution = req->principal->home;
	if (e == OK)
		e = bundle_load(&req->tx, institution, bundle_part_name(part), &bundle);
	if (e != OK)
		return e;
	bundle_put(&bundle, part, &resp->body);
	resp->content_type = part == BUNDLE_HTML ? "text/html; charset=utf-8" :
		"text/csv; charset=utf-8; header=present";
	file = bundle_part_file(part);
	response_header(resp, "Content-Disposition", arena_printf(req->arena,
		"attachment; filename=\"csirt-%s-%s-%s\"", bundle.institution, bundle.day,
		part == BUNDLE_HTML ? "bundle.html" : file));
	return OK;
}
