/* Letters: RFC 5322, with Japanese in RFC 2047 words and a body in base64. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include <base/json.h>
#include <feed/notices.h>
#include <ledger/field.h>

#define WORD_BYTES 42 /* of text in one encoded word: 75 characters at most, RFC 2047, 2 */
#define LINE_BYTES 57 /* of the body in one line of 76 */

bool
letter_address_fine(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789.!#$%&'*+/=?^_`{|}~-";
	size_t local = strspn(s, plain), host;

	if (local == 0 || local > 64 || s[local] != '@')
		return false;
	s += local + 1;
	host = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");
	return host > 0 && host < 254 && s[host] == '\0' && s[0] != '-' && s[0] != '.';
}

static void
put_base64(struct buf *b, const char *p, size_t n)
{
	char text[2 * LINE_BYTES + 8];

	sodium_bin2base64(text, sizeof(text), (const unsigned char *)p, n,
			  sodium_base64_VARIANT_ORIGINAL);
	buf_adds(b, text);
}

/* Words end between characters. */
static void
put_words(struct buf *b, const char *s)
{
	const char *sep = "";

	while (*s != '\0') {
		size_t n = strlen(s) < WORD_BYTES ? strlen(s) : WORD_BYTES;

		while (n > 1 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
		buf_addf(b, "%s=?UTF-8?B?", sep);
		put_base64(b, s, n);
		buf_adds(b, "?=");
		sep = "\r\n ";
		s += n;
	}
}

/* ---- what is said ----------------------------------------------------------------------- */

static const struct purpose {
	const char *name, *subject, *ja, *en;
} purposes[] = {
	{ "act", "手続をお待ちしています", "次の申請が、あなたの手続（審査・確認など）を待っています。",
	  "This application waits for a step of yours." },
	{ "subject", "あなたに関する申請", "あなたに関する次の申請が提出されました。",
	  "An application about you has been submitted." },
	{ "returned", "差し戻されました", "次の申請が差し戻されました。内容を確認し、再提出してください。",
	  "Your application was sent back; see why and submit it again." },
	{ "decided", "審査の結果", "次の申請の状態が変わりました。", "This application has come to a new state." },
	{ "told", "お知らせ", "次の申請又は台帳の行について、記録がありました。",
	  "Something was put on record about this application, or this row of a ledger." },
	{ "drafted", "申請が必要です", "台帳が次の申請の下書きを作成しました。内容を補い、期限までに申請してください。",
	  "The register has drafted this application: complete it and submit it in time." },
};

static const struct purpose *
purpose_of(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(purposes); i++)
		if (str_eq(purposes[i].name, name))
			return &purposes[i];
	return &purposes[0];
}

/* What a notice is about. */
static const struct about {
	const char *ledger, *path, *no, *kind; /* kind: where none is given */
	const struct ledger *l;
	const char *fields[3]; /* whose choices a state may be one of */
} abouts[] = {
	{ NULL, "requests", "申請番号", "申請", &ledger_request, { "state" } },
	{ "asset", "assets", "管理番号", "情報資産", &ledger_asset, { "state", "rating_status" } },
	{ "external_media", "media", "管理番号", "外部電磁的記録媒体", &ledger_media,
	  { "state", "rating_status" } },
	{ "role_assignment", "offices", "任命番号", "任命", NULL, { NULL } },
};

static const struct about *
about_of(const struct notice_job *j)
{
	size_t i;

	for (i = 1; j->ledger != NULL && i < ARRAY_SIZE(abouts); i++)
		if (strcmp(abouts[i].ledger, j->ledger) == 0)
			return &abouts[i];
	return &abouts[0];
}

static const char *
kind_of(const struct notice_job *j)
{
	return j->kind == NULL ? about_of(j)->kind : j->kind;
}

static const char *
state_label(const struct notice_job *j)
{
	const struct about *a = about_of(j);
	const struct choice *c;
	size_t i;

	for (i = 0; a->fields[i] != NULL; i++)
		for (c = ledger_field(a->l, a->fields[i])->choices; c->value != NULL; c++)
			if (str_eq(c->value, j->state))
				return c->label;
	return a->l != NULL ? "" : str_eq(j->state, "revoked") ? "解任" : "任命";
}

static const struct stage {
	const char *name, *path, *ja;
} stages[] = {
	{ "30", "requests/", "30日以内に許可の期間が終わります" },
	{ "7", "requests/", "7日以内に許可の期間が終わります" },
	{ "over", "requests/", "許可の期間が終わりました" },
	{ "confirm", "requests/", "確認の手続が1週間以上待っています" },
	{ "inventory", "inventories/", "7日以内に締め切られます" },
	{ "inventory_over", "inventories/", "締切を過ぎています" },
	{ "catalogue", "catalogues/", "重要サーバの構成が改訂されました" },
	{ "due30", "requests/", "30日以内に期限が来ます" },
	{ "due7", "requests/", "7日以内に期限が来ます" },
	{ "due_over", "requests/", "期限を過ぎています" },
	{ "recheck", "requests/", "再確認・交代要求の手続が2週間以上待っています" },
	{ "office30", "offices/", "30日以内に任期が終わります" },
	{ "office7", "offices/", "7日以内に任期が終わります" },
	{ "office_over", "offices/", "任期が終わりました" },
	{ "movement", "media/", "返却予定を過ぎています" },
	{ "movement_asset", "assets/", "返却予定を過ぎています" },
	{ "rating", "assets?rating_status=provisional&unit=", "格付けの確定を待っています" },
};

static const struct stage *
stage_of(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(stages); i++)
		if (strcmp(stages[i].name, name) == 0)
			return &stages[i];
	return &stages[0];
}

static const char *
member(const json_t *line, const char *name)
{
	const char *s = json_string_value(json_object_get(line, name));

	return s == NULL ? "" : s;
}

static void
put_digest(struct arena *arena, const struct notice_job *j, const char *origin, struct buf *b)
{
	json_t *lines, *line;
	const char *why;
	size_t i;

	buf_addf(b, "%s 期限のお知らせ\n\n", j->day == NULL ? "" : j->day);
	if (j->lines == NULL || json_read(arena, j->lines, strlen(j->lines), &lines, &why) != OK)
		return;
	json_array_foreach(lines, i, line) {
		const struct stage *s = stage_of(member(line, "stage"));

		buf_addf(b, "・%s（%s）: %s（%s）\n  %s/api/v1/%s%s\n", member(line, "object"),
			 member(line, "label"), s->ja, member(line, "day"), origin, s->path,
			 member(line, "object"));
	}
	buf_adds(b, "\nTerms that end soon or have ended, what waits or is overdue, and revised "
		 "catalogues.\n");
}

/* Number, kind, state and link: what is confidential is read behind the link. */
static void
put_text(struct arena *arena, const struct notice_job *j, const char *origin, struct buf *b)
{
	const struct purpose *p = purpose_of(j->purpose);

	if (str_eq(j->purpose, "digest")) {
		put_digest(arena, j, origin, b);
	} else {
		const struct about *a = about_of(j);

		buf_addf(b, "%s\n\n%s: %s\n%s: %s\n状態: %s\n%s/api/v1/%s/%s\n\n%s\n", p->ja,
			 a->no, j->object, j->ledger == NULL ? "申請種別" : "種別", kind_of(j),
			 state_label(j), origin, a->path, j->object, p->en);
	}
	buf_adds(b, "\n-- \n情報資産台帳 daichod（このメールには返信できません）\n");
}

static const char *
subject_of(struct arena *arena, const struct notice_job *j)
{
	if (str_eq(j->purpose, "digest"))
		return arena_printf(arena, "[情報資産台帳] 期限のお知らせ %s",
				    j->day == NULL ? "" : j->day);
	return arena_printf(arena, "[情報資産台帳] %s%s（%s）: %s", j->ledger == NULL ? "申請 " : "",
			    j->object, kind_of(j), purpose_of(j->purpose)->subject);
}

/* ---- the form --------------------------------------------------------------------------- */

static void
put_date(struct buf *b, int64_t at)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = (time_t)at + 9 * 3600;
	struct tm tm;

	gmtime_r(&t, &tm);
	buf_addf(b, "Date: %s, %02d %s %d %02d:%02d:%02d +0900\r\n", days[tm.tm_wday], tm.tm_mday,
		 months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void
letter_write(struct arena *arena, const struct notice_job *j, const char *from,
	     const char *origin, int64_t at, struct buf *b)
{
	struct buf text;
	size_t i, n;

	put_date(b, at);
	buf_addf(b, "From: <%s>\r\nTo: <%s>\r\nSubject: ", from, j->email);
	put_words(b, subject_of(arena, j));
	/* the same of every attempt, so that a second copy can be known as one */
	buf_addf(b, "\r\nMessage-ID: <notice-%s.%s>\r\nAuto-Submitted: auto-generated\r\n"
		 "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
		 "Content-Transfer-Encoding: base64\r\n\r\n", j->no, from);
	buf_init(&text, 1024 * 1024);
	put_text(arena, j, origin, &text);
	for (i = 0; i < text.len; i += n) {
		n = text.len - i < LINE_BYTES ? text.len - i : LINE_BYTES;
		put_base64(b, buf_text(&text) + i, n);
		buf_adds(b, "\r\n");
	}
	buf_release(&text);
}
