/* Reports: their formats. */
#ifndef API_TABLE_H
#define API_TABLE_H

#include <api/api.h>
#include <exchange/table.h>

enum table_format { TABLE_JSON, TABLE_NDJSON, TABLE_CSV };

/* ?format= or Accept. */
enum err table_format(struct request *, enum table_format *ret) MUST;

/* The whole answer: {items, next} of all rows, or the file NAME (unused for JSON). */
void table_answer(struct request *, struct response *, const PGresult *, const char *name,
		  enum table_format);

/* The whole answer as a file: CSV or NDJSON. */
void table_answer_file(struct request *, struct response *, const PGresult *, const char *name,
		       enum table_format);

/* Type and name of a file that the handler writes itself. */
void table_file_headers(struct request *, struct response *, const char *name,
			enum table_format);

#endif
