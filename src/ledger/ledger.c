#include <string.h>

#include <base/text.h>
#include <ledger/field.h>

static const struct ledger *const ledgers[LEDGER__ALL] = {
	[LEDGER_INSTITUTION] = &ledger_institution, [LEDGER_UNIT] = &ledger_unit,
	[LEDGER_PERSON] = &ledger_person,	    [LEDGER_AREA] = &ledger_area,
	[LEDGER_OFFICE] = &ledger_office,	    [LEDGER_ASSET] = &ledger_asset,
	[LEDGER_ASSET_USER] = &ledger_asset_user,   [LEDGER_MEDIA] = &ledger_media,
	[LEDGER_CONTRACT] = &ledger_contract,	    [LEDGER_DOCUMENT] = &ledger_document,
	[LEDGER_CONTACT] = &ledger_contact,	    [LEDGER_CONNECTION] = &ledger_connection,
	[LEDGER_ALLOWLIST] = &ledger_allowlist,	    [LEDGER_REQUEST] = &ledger_request,
	[LEDGER_EXCEPTION] = &ledger_exception,	    [LEDGER_DISPOSAL] = &ledger_disposal,
	[LEDGER_MOVEMENT] = &ledger_movement,
	[LEDGER_ASSET_SOFTWARE] = &ledger_asset_software,
	[LEDGER_POLICY] = &ledger_policy,	    [LEDGER_RATING_LEVEL] = &ledger_rating_level,
	[LEDGER_INVENTORY] = &ledger_inventory,	    [LEDGER_FINDING] = &ledger_finding,
	[LEDGER_CATALOGUE] = &ledger_catalogue,	    [LEDGER_DIRECTORY] = &ledger_directory,
};

/* Headers that other registers use for the same thing, in folded form. */
static const struct {
	const char *header;
	const char *field;
} synonyms[] = {
	{ "システム名", "name" },	  { "機器名", "name" },
	{ "設置部屋", "location_text" },  { "設置室", "location_text" },
	{ "システム管理者", "sysadmin" }, { "管理責任者", "sysadmin" },
	{ "管理者", "sysadmin" },	  { "使用者", "users_text" },
	{ "利用者", "users_text" },	  { "機密性区分", "confidentiality" },
	{ "格付", "confidentiality" },	  { "格付け", "confidentiality" },
	{ "個人情報", "has_personal_info" },
	{ "個人情報の有無", "has_personal_info" },
	{ "個人情報保存", "has_personal_info" },
	{ "個人情報・機微情報の有無", "has_personal_info" },
	{ "特定個人情報", "has_my_number" },
	{ "マイナンバー", "has_my_number" },
	{ "暗号化", "internal_media_encryption" },
	{ "ディスク暗号化", "internal_media_encryption" },
	{ "内蔵媒体の暗号化", "internal_media_encryption" },
	{ "コメント", "note" },		  { "メーカー", "maker" },
	{ "シリアル番号", "serial_no" },  { "部署", "unit" },
};

const struct ledger *
ledger_get(enum ledger_id id)
{
	if (id < 0 || id >= LEDGER__ALL)
		bug("ledger %d", (int)id);
	return ledgers[id];
}

const struct ledger *
ledger_by_path(const char *path)
{
	size_t i;

	for (i = 0; i < LEDGER__MAX; i++)
		if (strcmp(ledgers[i]->path, path) == 0)
			return ledgers[i];
	return NULL;
}

const struct field *
ledger_field(const struct ledger *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		if (strcmp(l->fields[i].name, name) == 0)
			return &l->fields[i];
	return NULL;
}

const struct sheet *
ledger_sheet(const struct ledger *l, const char *name)
{
	const struct sheet *s;

	for (s = l->sheets; s != NULL && s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

const struct field *
ledger_field_by_header(const struct ledger *l, struct arena *arena, const char *header)
{
	const char *folded = text_fold(arena, header);
	size_t i;

	for (i = 0; i < l->count; i++)
		if (strcmp(folded, l->fields[i].name) == 0 ||
		    strcmp(folded, text_fold(arena, l->fields[i].label)) == 0)
			return &l->fields[i];
	for (i = 0; i < ARRAY_SIZE(synonyms); i++)
		if (strcmp(folded, text_fold(arena, synonyms[i].header)) == 0)
			return ledger_field(l, synonyms[i].field);
	return NULL;
}

/* "機密性3情報" and "秘密" name the third level. */
static const struct choice *
level_choice(const struct field *f, const char *folded)
{
	static const char *const names[] = { NULL, NULL, "機構外秘", "秘密", "極秘" };
	static const char *const roman[] = { NULL, "i", "ii", "iii", "iv" };
	const struct choice *c;
	size_t n;

	if (str_starts(folded, "機密性"))
		folded += strlen("機密性");
	n = strlen(folded);
	for (c = f->choices; c->value != NULL; c++) {
		size_t level = (size_t)(c->value[0] - '0');

		if (folded[0] == c->value[0] &&
		    (n == 1 || strcmp(folded + 1, "情報") == 0))
			return c;
		if (level < ARRAY_SIZE(names) && (str_eq(folded, names[level]) ||
						  str_eq(folded, roman[level])))
			return c;
	}
	return NULL;
}

const struct choice *
field_choice(const struct field *f, struct arena *arena, const char *text)
{
	const struct choice *c;
	const char *folded;

	for (c = f->choices; c->value != NULL; c++)
		if (strcmp(c->value, text) == 0 || strcmp(c->label, text) == 0)
			return c;
	folded = text_fold(arena, text);
	for (c = f->choices; c->value != NULL; c++)
		if (strcmp(folded, text_fold(arena, c->value)) == 0 ||
		    strcmp(folded, text_fold(arena, c->label)) == 0)
			return c;
	return f->type == FT_LEVEL ? level_choice(f, folded) : NULL;
}

static void
check_names(const struct ledger *l, size_t i)
{
	const struct field *f = &l->fields[i];
	size_t k;

	if (f->name == NULL || f->label == NULL)
		bug("%s.fields[%zu] has no name or label", l->path, i);
	for (k = 0; k < i; k++)
		if (strcmp(l->fields[k].name, f->name) == 0 ||
		    strcmp(l->fields[k].label, f->label) == 0)
			bug("%s.fields[%zu] %s: name or label used twice", l->path, i, f->name);
}

static void
check_field(const struct ledger *l, const struct field *f)
{
	bool chosen = f->type == FT_ENUM || f->type == FT_ENUMS || f->type == FT_LEVEL;

	if (chosen != (f->choices != NULL))
		bug("%s.%s: choices and type do not fit", l->path, f->name);
	if ((f->type == FT_TEXT || f->type == FT_TEXTS || f->type == FT_INT) && f->max <= 0)
		bug("%s.%s: no ceiling", l->path, f->name);
	if ((f->flags & FF_REQUIRED) && (f->flags & FF_READONLY))
		bug("%s.%s: required and read-only", l->path, f->name);
	if (((f->flags & FF_RATING) != 0) != (f->confirm != 0))
		bug("%s.%s: a rating is confirmed by an office", l->path, f->name);
	if (f->sheet != NULL && ledger_sheet(l, f->sheet) == NULL)
		bug("%s.%s: no such sheet", l->path, f->name);
	if (f->flags & FF_OWNER && f->type != FT_REF)
		bug("%s.%s: an owner is a reference", l->path, f->name);
}

/* Columns that are shown to some only are for what is looked at, not for what is kept. */
static void
check_shown(const struct ledger *l, const struct field *f)
{
	if (l->id < LEDGER__MAX && (f->flags & (FF_SOUGHT | FF_INNER) || f->only != 0))
		bug("%s.%s: rows that are kept are shown whole", l->path, f->name);
	if (l->id >= LEDGER__MAX && field_writable(f))
		bug("%s.%s: nothing is kept here", l->path, f->name);
	if ((f->flags & FF_SOUGHT) && l->having == NULL)
		bug("%s.%s: nothing looks for it", l->path, f->name);
}

bool
field_never_empty(const struct ledger *l, const struct field *f)
{
	if (l->common && str_eq(f->name, l->scope))
		return false;
	if (f->flags & (FF_KEY | FF_OWNER) || f->fallback != NULL)
		return true;
	if (f->flags & FF_READONLY)
		return !(f->flags & FF_LATE) && (f->type == FT_ENUM || f->type == FT_INT ||
			f->type == FT_STAMP || f->type == FT_BOOL || f->type == FT_JSON);
	return !l->drafts && (f->flags & FF_REQUIRED);
}

void
ledgers_check(void)
{
	size_t i, k;

	for (i = 0; i < LEDGER__ALL; i++) {
		const struct ledger *l = ledgers[i];

		if (l == NULL || l->id != i)
			bug("ledgers[%zu] is not in its place", i);
		for (k = 0; k < l->count; k++) {
			check_names(l, k);
			check_field(l, &l->fields[k]);
			check_shown(l, &l->fields[k]);
		}
		if (ledger_field(l, l->key) == NULL || ledger_field(l, l->scope) == NULL)
			bug("%s: key or scope column missing", l->path);
		if (i < LEDGER__MAX && ledger_field(l, "row_version") == NULL)
			bug("%s: no row_version", l->path);
		if (l->drafts && ledger_field(l, "state") == NULL)
			bug("%s: drafts without a state", l->path);
	}
}
