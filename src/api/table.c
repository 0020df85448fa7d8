#include <string.h>

#include "table.h"

enum err
table_format(struct request *req, enum table_format *ret)
{
	const char *accept = request_header(req, "Accept"), *format = request_arg(req, "format");

	if (format == NULL && accept != NULL && strstr(accept, "text/csv") != NULL)
		format = "csv";
	if (format == NULL && accept != NULL && strstr(accept, "application/x-ndjson") != NULL)
		format = "ndjson";
	if (format == NULL || strcmp(format, "json") == 0) {
		*ret = TABLE_JSON;
	} else if (strcmp(format, "csv") == 0) {
		*ret = TABLE_CSV;
	} else if (strcmp(format, "ndjson") == 0) {
		*ret = TABLE_NDJSON;
	} else {
		request_arg_fault(req, "format", "unknown_choice",
				  "json、csv、ndjson のいずれかです。", "json, csv or ndjson.");
		return ERR_BAD_QUERY;
	}
	return OK;
}

void
table_answer_file(struct request *req, struct response *resp, const PGresult *res,
		  const char *name, enum table_format format)
{
	if (format == TABLE_CSV) {
		table_put_csv(res, &resp->body);
	} else {
		table_put_rows(res, "\n", &resp->body);
		buf_adds(&resp->body, PQntuples(res) > 0 ? "\n" : "");
	}
	table_file_headers(req, resp, name, format);
}

void
table_answer(struct request *req, struct response *resp, const PGresult *res, const char *name,
	     enum table_format format)
{
	if (format != TABLE_JSON) {
		table_answer_file(req, resp, res, name, format);
		return;
	}
	buf_adds(&resp->body, "{\"items\":[");
	table_put_rows(res, ",", &resp->body);
	buf_adds(&resp->body, "],\"next\":null}\n");
}

void
table_file_headers(struct request *req, struct response *resp, const char *name,
		   enum table_format format)
{
	resp->content_type = format == TABLE_CSV ? "text/csv; charset=utf-8; header=present" :
		"application/x-ndjson";
	response_header(resp, "Content-Disposition",
			arena_printf(req->arena, "attachment; filename=\"%s.%s\"", name,
				     format == TABLE_CSV ? "csv" : "ndjson"));
}
