/* One page, searched by the browser's own search; no script, nothing from elsewhere. */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include <org/office.h>
#include <workflow/catalogue.h>
#include "bundle_page.h"

static const char style[] =
	"body{font-family:\"Noto Sans CJK JP\",\"Hiragino Sans\",\"Yu Gothic UI\",Meiryo,"
	"sans-serif;"
	"font-size:16px;line-height:1.7;color:#1a1a1a;background:#fff;margin:0 auto;padding:1rem;"
	"max-width:70rem}\n"
	"h1{font-size:1.5rem;margin:.5rem 0}\n"
	"h2{font-size:1.25rem;margin:2rem 0 .5rem;border-bottom:2px solid #0017c1}\n"
	"h3{font-size:1.1rem;margin:1.5rem 0 .5rem}\n"
	"h4{font-size:1rem;margin:1rem 0 .25rem}\n"
	"a{color:#0017c1}\n"
	"a:focus{outline:4px solid #000;outline-offset:2px;background:#ffd43d}\n"
	".rating{font-weight:bold;border:2px solid #1a1a1a;padding:0 .5rem;display:inline-block}\n"
	"table{border-collapse:collapse;width:100%;margin:.5rem 0}\n"
	"caption{text-align:left;font-weight:bold}\n"
	"th,td{border:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top;"
	"overflow-wrap:anywhere}\n"
	"th{background:#f2f2f2}\n"
	".facts th{width:14rem}\n"
	".lines{white-space:pre-line}\n"
	".phone{white-space:nowrap}\n"
	".software{columns:18rem;font-size:.85rem;padding-left:1.2rem;overflow-wrap:anywhere}\n"
	"@page{size:A4;margin:15mm}\n"
	"@media print{body{font-size:9pt;line-height:1.4;padding:0;max-width:none}\n"
	"a{color:inherit;text-decoration:none}\n"
	"thead{display:table-header-group}\n"
	"tr{break-inside:avoid}\n"
	"h2,h3,h4,caption{break-after:avoid}\n"
	".server{break-before:page}\n"
	"header .rating{position:fixed;top:0;right:0;background:#fff}}\n";

/* ---- pieces ----------------------------------------------------------------------------- */

static void
put_text(struct buf *b, const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		switch (*s) {
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '"':
			buf_adds(b, "&quot;");
			break;
		default:
			buf_addc(b, *s);
		}
}

/* <name>text</name>; the name may carry attributes of our own. */
static void
put_element(struct buf *b, const char *name, const char *text)
{
	buf_addf(b, "<%s>", name);
	put_text(b, text);
	buf_addf(b, "</%.*s>", (int)strcspn(name, " "), name);
}

static void
put_head_row(struct buf *b, const char *caption, const char *const *names)
{
	buf_adds(b, "<table>");
	put_element(b, "caption", caption);
	buf_adds(b, "<thead><tr>");
	for (; *names != NULL; names++)
		put_element(b, "th scope=\"col\"", *names);
	buf_adds(b, "</tr></thead>\n<tbody>\n");
}

/* What a value of this column is called. */
static const char *
shown(const struct field *f, const char *value)
{
	const struct choice *c;

	for (c = f == NULL || value == NULL ? NULL : f->choices; c != NULL && c->value != NULL; c++)
		if (strcmp(c->value, value) == 0)
			return c->label;
	if (f != NULL && f->type == FT_BOOL && value != NULL)
		return value[0] == 't' ? "はい" : "いいえ";
	return value;
}

static void
put_fact(struct buf *b, const char *label, const char *value)
{
	buf_adds(b, "<tr>");
	put_element(b, "th scope=\"row\"", label);
	put_element(b, "td class=\"lines\"", value == NULL || value[0] == '\0' ? "―" : value);
	buf_adds(b, "</tr>\n");
}

/* ---- contacts --------------------------------------------------------------------------- */

static void
put_contact(struct buf *b, const PGresult *res, int i, bool with_asset)
{
	const char *code = tx_text(res, i, CONTACT_OFFICE);
	enum office o = code == NULL ? OFFICE__MAX : office_find(code);
	int c;

	buf_adds(b, "<tr>");
	if (with_asset) {
		buf_adds(b, "<td>");
		put_text(b, tx_text(res, i, CONTACT_ASSET_NAME));
		buf_addc(b, ' ');
		put_text(b, tx_text(res, i, CONTACT_ASSET));
		buf_adds(b, "</td>");
	}
	put_element(b, "td", tx_text(res, i, CONTACT_ORDER));
	put_element(b, "td", o == OFFICE__MAX ? code : office_info(o)->ja);
	for (c = CONTACT_NAME; c <= CONTACT_CONFIRMED; c++)
		put_element(b, c == CONTACT_PHONE ? "td class=\"phone\"" : "td",
			    tx_text(res, i, c));
	buf_adds(b, "</tr>\n");
}

/* The rows of one list (CONTACT_LIST), or of one asset, whatever the list (CONTACT_ASSET). */
static void
put_contacts(struct buf *b, const PGresult *res, const char *caption, int col, const char *value)
{
	static const char *const names[] = { "情報システム", "順", "役割", "氏名・連絡先名", "電話",
		"メール", "連絡手段", "連絡内容", "確認日", NULL };
	bool with_asset = col == CONTACT_LIST && (strcmp(value, "critical_system") == 0 ||
						  strcmp(value, "server_vendor") == 0);
	bool begun = false;
	int i;

	for (i = 0; i < PQntuples(res); i++) {
		if (strcmp(PQgetvalue(res, i, col), value) != 0)
			continue;
		if (!begun)
			put_head_row(b, caption, names + !with_asset);
		begun = true;
		put_contact(b, res, i, with_asset);
	}
	if (begun)
		buf_adds(b, "</tbody></table>\n");
	else if (col == CONTACT_LIST)
		buf_addf(b, "<p>%s：登録がありません。</p>\n", caption);
}

static void
put_all_contacts(struct buf *b, const struct bundle *u)
{
	const struct choice *c = ledger_field(&ledger_contact, "list_kind")->choices;

	buf_adds(b, "<h2 id=\"contacts\">緊急連絡網</h2>\n<table class=\"facts\"><caption>窓口</caption>"
		 "<tbody>\n");
	put_fact(b, PQgetvalue(u->head, 0, HEAD_DESK), PQgetvalue(u->head, 0, HEAD_DESK_CONTACT));
	put_fact(b, PQgetvalue(u->head, 0, HEAD_OUTSIDE_DESK),
		 PQgetvalue(u->head, 0, HEAD_OUTSIDE_DESK_CONTACT));
	buf_adds(b, "</tbody></table>\n");
	for (; c->value != NULL; c++)
		put_contacts(b, u->contacts, c->label, CONTACT_LIST, c->value);
}

/* ---- servers ---------------------------------------------------------------------------- */

/* Columns of the ledger that are shown of each, in this order. */
static const char *const facts[] = { "emergency_stop", "emergency_contact", "state",
	"important_state", "confidentiality", "has_personal_info", "has_my_number", "asset_type",
	"unit_name", "location_name", "location_text", "hostname", "web_fqdn", "ip_addrs",
	"mac_addrs", "net_zone", "os_name", "os_version", "internal_media_encryption",
	"backup_last_on", "log_retention_days", "users_text" };

static const char *
fact_label(const char *name, const struct field *f)
{
	if (f != NULL)
		return f->label;
	return strcmp(name, "unit_name") == 0 ? "管理部署" : "設置区域";
}

static const char *
cell(const PGresult *res, int row, const char *name)
{
	return tx_text(res, row, PQfnumber(res, name));
}

static void
put_person(struct buf *b, const PGresult *res, int row, const char *role, const char *label)
{
	static const char *const what[] = { "name", "phone", "email" };
	char name[64];
	size_t i;

	if (cell(res, row, role) == NULL)
		return;
	buf_adds(b, "<tr>");
	put_element(b, "th scope=\"row\"", label);
	buf_adds(b, "<td class=\"lines\">");
	for (i = 0; i < ARRAY_SIZE(what); i++) {
		snprintf(name, sizeof(name), "%s_%s", role, what[i]);
		buf_adds(b, i == 0 ? "" : "　");
		put_text(b, cell(res, row, name));
	}
	buf_adds(b, "</td></tr>\n");
}

/* "label: value、…", in the order of the declaration. */
static void
put_entry(struct buf *b, const struct catalogue_section *s, const json_t *entry)
{
	const struct field *f;
	const char *sep = "";
	char number[32];

	for (f = s->members; f->name != NULL; f++) {
		const json_t *j = json_object_get(entry, f->name);
		const char *value = json_string_value(j);

		if (json_is_integer(j)) {
			snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(j));
			value = number;
		} else if (json_is_boolean(j)) {
			value = json_is_true(j) ? "t" : "f";
		}
		if (value == NULL)
			continue;
		buf_addf(b, "%s%s: ", sep, f->label);
		put_text(b, shown(f, value));
		sep = "、";
	}
}

static void
put_section(struct buf *b, const struct catalogue_section *s, const char *text)
{
	json_t *list = text == NULL ? NULL : json_loads(text, 0, NULL), *entry;
	size_t i;

	buf_adds(b, "<tr>");
	put_element(b, "th scope=\"row\"", s->label);
	buf_adds(b, "<td class=\"lines\">");
	if (json_array_size(list) == 0)
		buf_adds(b, "―");
	json_array_foreach(list, i, entry) {
		buf_adds(b, i == 0 ? "" : "\n");
		put_entry(b, s, entry);
	}
	buf_adds(b, "</td></tr>\n");
	json_decref(list);
}

static int
first_of(const PGresult *res, int col, const char *asset)
{
	int i;

	for (i = 0; i < PQntuples(res) && strcmp(PQgetvalue(res, i, col), asset) != 0; i++)
		continue;
	return i;
}

static void
put_catalogue(struct buf *b, const struct bundle *u, const char *asset)
{
	const PGresult *res = u->catalogues, *items = u->software;
	const struct catalogue_section *s;
	int row = first_of(res, CATALOGUE_ASSET, asset), i, c = CATALOGUE_SECTIONS;

	if (row == PQntuples(res)) {
		buf_adds(b, "<p>提出されたシステム構成カタログはありません。</p>\n");
		return;
	}
	buf_addf(b, "<h4>システム構成カタログ %s 第%s版（%s 提出 ", PQgetvalue(res, row, CATALOGUE_NO),
		 PQgetvalue(res, row, CATALOGUE_VERSION),
		 PQgetvalue(res, row, CATALOGUE_SUBMITTED_ON));
	put_text(b, tx_text(res, row, CATALOGUE_SUBMITTED_BY));
	buf_adds(b, "）</h4>\n<table class=\"facts\"><tbody>\n");
	for (s = catalogue_sections; s->name != NULL; s++, c++)
		put_section(b, s, tx_text(res, row, c));
	buf_adds(b, "</tbody></table>\n");
	i = first_of(items, ITEM_ASSET, asset);
	if (i == PQntuples(items))
		return;
	buf_adds(b, "<h4>ソフトウェア</h4>\n<ul class=\"software\">\n");
	for (; i < PQntuples(items) && strcmp(PQgetvalue(items, i, ITEM_ASSET), asset) == 0; i++) {
		buf_adds(b, "<li>");
		put_text(b, tx_text(items, i, ITEM_NAME));
		buf_addc(b, ' ');
		put_text(b, tx_text(items, i, ITEM_VERSION));
		buf_adds(b, "</li>\n");
	}
	buf_adds(b, "</ul>\n");
}

static void
put_server(struct buf *b, const struct bundle *u, int row)
{
	const PGresult *res = u->servers;
	const char *asset = cell(res, row, "asset_no");
	size_t i;

	buf_addf(b, "<section class=\"server\" id=\"%s\">\n<h3>", asset);
	put_text(b, cell(res, row, "name"));
	buf_addf(b, "（%s）</h3>\n<table class=\"facts\"><tbody>\n", asset);
	put_person(b, res, row, "important_admin", "重要サーバ管理者");
	put_person(b, res, row, "sysadmin", "情報システム管理者");
	for (i = 0; i < ARRAY_SIZE(facts); i++) {
		const struct field *f = ledger_field(&ledger_asset, facts[i]);

		put_fact(b, fact_label(facts[i], f), shown(f, cell(res, row, facts[i])));
	}
	buf_adds(b, "</tbody></table>\n");
	put_contacts(b, u->contacts, "このサーバの連絡先", CONTACT_ASSET, asset);
	put_catalogue(b, u, asset);
	buf_adds(b, "</section>\n");
}

/* One line for each, on the first page. */
static void
put_overview(struct buf *b, const struct bundle *u)
{
	static const char *const names[] = { "管理番号", "名称", "ホスト名", "IPアドレス", "緊急停止",
		"重要サーバ管理者", "電話", NULL };
	static const char *const columns[] = { "name", "hostname", "ip_addrs", "emergency_stop",
		"important_admin_name", "important_admin_phone" };
	const PGresult *res = u->servers;
	size_t k;
	int i;

	put_head_row(b, "重要サーバの一覧", names);
	for (i = 0; i < PQntuples(res); i++) {
		const char *asset = cell(res, i, "asset_no");

		buf_addf(b, "<tr><th scope=\"row\"><a href=\"#%s\">%s</a></th>", asset, asset);
		for (k = 0; k < ARRAY_SIZE(columns); k++)
			put_element(b, k + 1 == ARRAY_SIZE(columns) ? "td class=\"phone\"" : "td",
				    shown(ledger_field(&ledger_asset, columns[k]),
					  cell(res, i, columns[k])));
		buf_adds(b, "</tr>\n");
	}
	buf_adds(b, "</tbody></table>\n");
}

/* ---- the page --------------------------------------------------------------------------- */

/* Nothing but this style: its digest stands in the policy. */
static void
put_beginning(struct buf *b, const char *name)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	char text[sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES,
					    sodium_base64_VARIANT_ORIGINAL)];

	crypto_hash_sha256(digest, (const unsigned char *)style, sizeof(style) - 1);
	sodium_bin2base64(text, sizeof(text), digest, sizeof(digest),
			  sodium_base64_VARIANT_ORIGINAL);
	buf_addf(b, "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n"
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		 "style-src 'sha256-%s'\">\n<meta name=\"viewport\" "
		 "content=\"width=device-width, initial-scale=1\">\n"
		 "<meta name=\"robots\" content=\"noindex\">\n<title>", text);
	put_text(b, name);
	buf_addf(b, " 機関CSIRT 緊急時資料</title>\n<style>%s</style>\n</head>\n<body>\n", style);
}

static void
put_top(struct buf *b, const struct bundle *u)
{
	const char *omitted = PQgetvalue(u->head, 0, HEAD_OMITTED);

	buf_adds(b, "<header><p class=\"rating\">機密性3</p>\n<h1>機関CSIRT 緊急時資料</h1>\n<p>");
	put_text(b, PQgetvalue(u->head, 0, HEAD_NAME));
	buf_addf(b, "（%s）　作成 %s</p>\n</header>\n<main>\n", u->institution, u->made_at);
	buf_addf(b, "<p>ネットワークが使えないときのための写しです。作成時点の内容であり、その後の変更は含みません。"
		 "機密性3の情報として、必要以上に複製せず、施錠して保管し、不要になったら復元できない方法で廃棄して"
		 "ください（2.2(2)②）。ブラウザの検索（Ctrl+F）で、アドレス・ホスト名・ソフトウェア名から探せます。"
		 "</p>\n<p>重要サーバ %d 件。", PQntuples(u->servers));
	buf_addf(b, "機密性4の重要サーバは載せていません（作成した役割から見えるものは %s 件）。", omitted);
	buf_adds(b, "</p>\n<nav aria-label=\"目次\"><ul><li><a href=\"#stop\">緊急停止のしかた</a></li>"
		 "<li><a href=\"#contacts\">緊急連絡網</a></li><li><a href=\"#servers\">重要サーバ</a></li>"
		 "</ul></nav>\n");
}

void
bundle_page_put(const struct bundle *u, struct buf *b)
{
	int i;

	put_beginning(b, PQgetvalue(u->head, 0, HEAD_NAME));
	put_top(b, u);
	buf_adds(b, "<h2 id=\"stop\">緊急停止のしかた</h2>\n<ol>\n<li>機関CSIRTは、誰の承認も待たずに、"
		 "システムの停止とネットワークの遮断を行い、又は命じることができます（2.1(2)⑥(c)）。"
		 "「緊急停止の可否」は管理者の申告で、判断の参考です。</li>\n"
		 "<li>重要サーバ管理者、情報システム管理者、保守請負業者の順に電話で停止を求めます。"
		 "つながらないときは、設置場所で停止します。</li>\n"
		 "<li>日時、命じた者、行った者、理由、影響を書き留めます（3.3(2)②(g)）。</li>\n"
		 "<li>台帳が使えるようになったら、情報資産台帳で「緊急停止・遮断」を記録します"
		 "（POST /api/v1/assets/管理番号/suspension）。</li>\n</ol>\n");
	put_all_contacts(b, u);
	buf_adds(b, "<h2 id=\"servers\">重要サーバ</h2>\n");
	put_overview(b, u);
	for (i = 0; i < PQntuples(u->servers); i++)
		put_server(b, u, i);
	buf_adds(b, "</main>\n</body>\n</html>\n");
}
