/*
 * A ledger is a declared list of columns.  This is the declaration: one struct field per column,
 * one struct ledger around them.  JSON validation, CSV headers, exports, lists, OpenAPI and the
 * manual read these tables; nothing else lists the columns a second time.
 *
 * To add a column: 1. one row in ledger/<ledger>.c, 2. one migration (table and staging table),
 * 3. `make check` names whatever else disagrees (api/openapi.json is generated).
 */
#ifndef LEDGER_FIELD_H
#define LEDGER_FIELD_H

#include <stdint.h>
#include <base/err.h>
#include <org/access.h>

enum field_type {
	FT_TEXT,  /* text */
	FT_TEXTS, /* text[]; in a CSV cell joined by ';' */
	FT_ENUM,  /* text, one of choices */
	FT_ENUMS, /* text[], each one of choices */
	FT_LEVEL, /* smallint, one of choices ("1" … "4") */
	FT_INT,	  /* integer, min … max */
	FT_BOOL,  /* boolean; NULL means not answered */
	FT_DATE,  /* date */
	FT_STAMP, /* timestamptz, UTC on the wire */
	FT_JSON,  /* jsonb: an object (FF_ARRAY: a list of them); never typed in a cell */
	FT_REF,	  /* text: natural key of a row of another ledger */
	FT__MAX
};

enum field_flags {
	FF_KEY = 1 << 0,      /* natural key of the row */
	FF_REQUIRED = 1 << 1, /* must be there when the row leaves 下書き; always, without drafts */
	FF_OWNER = 1 << 2,    /* must be there even in a draft: decides who may see the row */
	FF_READONLY = 1 << 3, /* set by the system */
	FF_FIXED = 1 << 4,    /* given at creation, never changed */
	FF_LIST = 1 << 5,     /* shown in lists */
	FF_SEARCH = 1 << 6,   /* part of the search key (see the migration) */
	FF_MATCH = 1 << 7,    /* an import may match rows by it */
	FF_LINES = 1 << 8,    /* text of several lines */
	FF_RATING = 1 << 9,   /* 格付け: confirmed by the 情報セキュリティ管理者, 2.2(2)② */
	FF_SOUGHT = 1 << 10,  /* may be looked for by one value, is never shown */
	FF_INNER = 1 << 11,   /* of the statement alone: neither shown nor looked for */
	FF_ARRAY = 1 << 12,   /* FT_JSON: an array of objects */
	FF_LATE = 1 << 13,    /* set by the system, but only once something has happened */
};

enum field_format { FORMAT_ANY, FORMAT_CODE, FORMAT_LOGIN, FORMAT_IP, FORMAT_MAC, FORMAT_HOST,
		    FORMAT_MAIL, FORMAT_URL, FORMAT_SHA256 };

enum ledger_id {
	LEDGER_INSTITUTION,
	LEDGER_UNIT,
	LEDGER_PERSON,
	LEDGER_AREA,
	LEDGER_OFFICE,
	LEDGER_ASSET,
	LEDGER_ASSET_USER,
	LEDGER_MEDIA,
	LEDGER_CONTRACT,
	LEDGER_DOCUMENT,
	LEDGER_CONTACT,
	LEDGER_CONNECTION,
	LEDGER_ALLOWLIST,
	LEDGER_ASSET_SOFTWARE,
	LEDGER_REQUEST,
	LEDGER_EXCEPTION,
	LEDGER_DISPOSAL,
	LEDGER_MOVEMENT,
	LEDGER_POLICY,
	LEDGER_RATING_LEVEL,
	LEDGER_INVENTORY,
	LEDGER_FINDING,
	LEDGER_CATALOGUE,
	LEDGER__MAX, /* those above are kept; what follows is only looked at */
	LEDGER_DIRECTORY = LEDGER__MAX,
	LEDGER__ALL
};

struct choice {
	const char *value;
	const char *label;
};

struct field {
	const char *name;	/* JSON member, SQL column, CSV header */
	const char *label;	/* Japanese; shown, and accepted as CSV header */
	const char *clause;	/* where the standard asks for it, or NULL */
	const char *hint;	/* one example, or NULL */
	const char *when;	/* SQL over the row: needed then, though not refused; or NULL */
	const char *fallback;	/* JSON text used at creation when not given, or NULL */
	const char *sheet;	/* sheet that it belongs to (ledger.sheets), or NULL: every row */
	enum field_type type;
	unsigned flags;
	int64_t min, max;	/* FT_INT: range; FT_TEXT: most characters in max, > 0; FT_TEXTS:
				   most characters of one element */
	enum field_format format;
	enum ledger_id ref;	/* FT_REF */
	const struct choice *choices; /* ends with value == NULL */
	uint32_t confirm;	/* offices (bits) that confirm the value: others propose it */
	uint32_t only;		/* offices (bits) that see it; 0: who sees the row */
};

/* A condition of a list that takes a day: SQL before and after the parameter. */
struct day_filter {
	const char *name;
	const char *about; /* English, for OpenAPI */
	const char *before, *after;
};

/*
 * A condition of a list that takes true, false or all: SQL of the first two.  Without it the list
 * is as with true, unless a column or day filter that lifts this is asked about.
 */
struct flag_filter {
	const char *name;
	const char *about; /* English, for OpenAPI */
	const char *yes, *no;
	const char *const *lifted_by; /* ends with NULL */
};

/* Columns that only some rows have, as one form of the standard would hold them. */
struct sheet {
	const char *name;
	const char *when; /* SQL over the row */
};

struct ledger {
	enum ledger_id id;
	const char *path;    /* "assets": /api/v1/assets */
	const char *table;   /* SQL */
	const char *label;   /* 情報資産台帳 */
	const char *singular; /* English, for OpenAPI: "Asset" */
	const char *key;     /* natural key column */
	const char *scope;   /* column that holds the 機関 */
	bool common;	     /* rows without a 機関 are of the whole 機構: everybody may read them */
	bool drafts;	     /* rows begin as 下書き and have a life (ledger/life.h) */
	const char *violations; /* function that judges a row, mode R */
	/* access: NULL where all rows of a 機関 are alike */
	const char *level;	/* column of the 機密性: from 3 on, reading is an event */
	/* function (column, value): keys of rows that have it, for columns of several; or NULL */
	const char *having;
	const struct day_filter *filters; /* ends with name == NULL; or NULL */
	const char *obstacles; /* function over a row that waits in an import: what the triggers of
				the ledger would refuse, as rule_messages() tells it; or NULL */
	const struct flag_filter *flag; /* or NULL */
	bool attached;	     /* rows follow the asset or medium that they name */
	const struct sheet *sheets; /* ends with name == NULL; or NULL */
	const char *note;    /* English, one line for OpenAPI and the manual */
	const struct field *fields;
	size_t count;
};

#define FIELDS_MAX 256

extern const struct ledger ledger_institution, ledger_unit, ledger_person, ledger_area,
	ledger_office, ledger_asset, ledger_asset_user, ledger_media, ledger_contract,
	ledger_document, ledger_contact, ledger_connection, ledger_allowlist,
	ledger_asset_software, ledger_request, ledger_exception, ledger_disposal, ledger_movement,
	ledger_policy, ledger_rating_level, ledger_inventory, ledger_finding, ledger_catalogue,
	ledger_directory;

/* All ledgers by id; by path, those that are kept. */
const struct ledger *ledger_get(enum ledger_id);
const struct ledger *ledger_by_path(const char *path);

/* The sheet of this name; NULL if none. */
const struct sheet *ledger_sheet(const struct ledger *, const char *name);

/* Column by name; by header: name, label or synonym, folded (NFKC, case, spaces). NULL if none. */
const struct field *ledger_field(const struct ledger *, const char *name);
const struct field *ledger_field_by_header(const struct ledger *, struct arena *,
					   const char *header);

static inline size_t
field_index(const struct ledger *l, const struct field *f)
{
	return (size_t)(f - l->fields);
}

/* Columns that a client may write; the others are FF_READONLY. */
static inline bool
field_writable(const struct field *f)
{
	return (f->flags & FF_READONLY) == 0;
}

/* What the system sets from the first day, and what every row has from its creation on. */
bool field_never_empty(const struct ledger *, const struct field *);

/* The choice with this value, label, or a written form of either ("機密性３", "3"); or NULL. */
const struct choice *field_choice(const struct field *, struct arena *, const char *text);

/* "BUG: assets.fields[7] …" for a table that is wrong in itself; called at start. */
void ledgers_check(void);

#endif
