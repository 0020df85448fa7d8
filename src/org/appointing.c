#include <base/buf.h>
#include <org/appointing.h>

#define O(x) OFFICE_BIT(OFFICE_##x)

/*
 * Where the standard names the appointer, the clause is that one.  It names none for 情報セキュリティ
 * 管理者, 情報システム担当者, 研究責任者, the desks, the register's operator and users: those fall
 * under the final authority of the 機関CISO, ②(a), and where the 情報セキュリティ責任者 instructs
 * them, ④(a)(b), under his.
 */
static const struct appointing table[OFFICE__MAX] = {
	/* named above this register, 基本規程第5条 and 第6条 */
	[OFFICE_CISO] = { 0, "2.1(2)①", false },
	[OFFICE_INST_CISO] = { 0, "2.1(2)②", false },
	[OFFICE_GENERAL_ISO] = { O(CISO), "2.1(2)①[2]", false },
	[OFFICE_ISO] = { O(INST_CISO), "2.1(2)②(b)", false },
	[OFFICE_DEPUTY_ISO] = { O(INST_CISO), "2.1(2)⑤", true },
	[OFFICE_ISM] = { O(INST_CISO) | O(ISO), "2.1(2)②(a), ④(b), ⑦(a)", false },
	[OFFICE_SYSADMIN] = { O(INST_CISO), "2.1(2)②(d)", false },
	[OFFICE_IMPORTANT_ADMIN] = { O(INST_CISO), "2.1(2)②(d), ⑧(d)", true },
	[OFFICE_OPERATOR] = { O(INST_CISO) | O(ISO), "2.1(2)②(a), ④(b), ⑨", false },
	[OFFICE_QUALIFICATION_CHECKER] = { O(INST_CISO), "2.1(2)②(d)", false },
	[OFFICE_CSIRT_MEMBER] = { O(INST_CISO), "2.1(2)②(a), ⑥(a)", false },
	[OFFICE_CSIRT_LEADER] = { O(INST_CISO), "2.1(2)⑥(d)", false },
	[OFFICE_GENERAL_CSIRT_LEADER] = { O(CISO), "2.1(2)⑥(h)", false },
	[OFFICE_COMMITTEE_MEMBER] = { O(CISO), "2.1(2)①, ⑩", false },
	[OFFICE_INST_COMMITTEE_MEMBER] = { O(INST_CISO), "2.1(2)⑪", false },
	[OFFICE_AUDIT_CHIEF] = { O(CISO), "2.1(2)①, 3.4.2(1)", false },
	[OFFICE_AUDITOR] = { O(CISO), "2.1(2)①, 3.4.2(1)", false },
	[OFFICE_ADVISOR] = { O(CISO), "2.1(2)①[5]", false },
	[OFFICE_INCIDENT_DESK] = { O(INST_CISO), "2.1(2)⑬(c)", false },
	[OFFICE_EXTERNAL_DESK] = { O(INST_CISO), "2.1(2)⑬(c)", false },
	[OFFICE_CORPORATE_DESK] = { O(CISO), "2.1(2)①, ⑬(a)", false },
	[OFFICE_RESEARCH_LEAD] = { O(INST_CISO), "2.1(2)②(a), 2.2(2)②", false },
	[OFFICE_ZTA_LEAD] = { O(INST_CISO), "7.3.1(2)①", false },
	[OFFICE_STAFF] = { O(INST_CISO) | O(ISO), "2.1(2)②(a), ④(a)", false },
	[OFFICE_REGISTRY_ADMIN] = { O(INST_CISO) | O(ISO), "2.1(2)④(f), 7.1.3(2)②", false },
};

const struct appointing *
appointing_to(enum office o)
{
	if (o < 0 || o >= OFFICE__MAX || table[o].clause == NULL)
		bug("nobody appoints to office %d", (int)o);
	return &table[o];
}

enum office
appointing_office(const struct principal *p, enum office o, const char *institution)
{
	uint32_t by = appointing_to(o)->by;
	size_t i;

	for (i = 0; i < p->office_count; i++) {
		const struct appointment *a = &p->offices[i];

		if ((by & OFFICE_BIT(a->office)) && a->unit == NULL &&
		    (office_info(a->office)->everywhere || str_eq(a->institution, institution)))
			return a->office;
	}
	return OFFICE__MAX;
}

const char *
appointing_text(struct arena *arena, enum office o)
{
	const struct appointing *a = appointing_to(o);
	const char *text, *sep = "";
	struct buf b;
	int i;

	buf_init(&b, 4096);
	buf_addf(&b, "%s is appointed and revoked by ", office_info(o)->code);
	for (i = 0; i < OFFICE__MAX; i++)
		if (a->by & OFFICE_BIT(i)) {
			buf_addf(&b, "%s%s", sep, office_info((enum office)i)->code);
			sep = " or ";
		}
	if (a->by == 0)
		buf_adds(&b, "nobody over HTTP, but where the machine stands (daicho office)");
	buf_addf(&b, " (%s)", a->clause);
	text = arena_strdup(arena, buf_text(&b));
	buf_release(&b);
	return text;
}
