#include <stdio.h>
#include <string.h>

#include <org/office.h>

static const struct office_info offices[OFFICE__MAX] = {
	[OFFICE_CISO] = { "ciso", "CISO（最高情報セキュリティ責任者）",
		"CISO", "2.1(2)①",
		.everywhere = true, .read_assets = REACH_ALL, .read_media = REACH_ALL,
		.four = true },
	[OFFICE_GENERAL_ISO] = { "general_iso", "統括情報セキュリティ責任者",
		"General information security officer", "2.1(2)①",
		.everywhere = true, .read_assets = REACH_ALL, .write_assets = REACH_INST,
		.read_media = REACH_ALL, .write_media = REACH_INST },
	[OFFICE_INST_CISO] = { "inst_ciso", "機関CISO",
		"CISO of the institution", "2.1(2)②",
		.read_assets = REACH_INST, .read_media = REACH_INST, .four = true },
	[OFFICE_ISO] = { "iso", "情報セキュリティ責任者",
		"Information security officer", "2.1(2)④",
		.read_assets = REACH_INST, .write_assets = REACH_INST,
		.read_media = REACH_INST, .write_media = REACH_INST, .four = true,
		.rates = true },
	[OFFICE_DEPUTY_ISO] = { "deputy_iso", "副情報セキュリティ責任者",
		"Deputy information security officer", "2.1(2)⑤",
		.read_assets = REACH_UNIT, .write_assets = REACH_UNIT,
		.read_media = REACH_UNIT, .write_media = REACH_UNIT },
	[OFFICE_ISM] = { "ism", "情報セキュリティ管理者",
		"Information security manager", "2.1(2)⑦",
		.read_assets = REACH_UNIT, .read_media = REACH_UNIT,
		.write_media = REACH_UNIT, .four = true, .rates = true },
	[OFFICE_SYSADMIN] = { "sysadmin", "情報システム管理者",
		"System administrator", "2.1(2)⑧",
		.read_assets = REACH_OWN, .write_assets = REACH_OWN,
		.read_media = REACH_OWN, .write_media = REACH_OWN, .basic = true },
	[OFFICE_IMPORTANT_ADMIN] = { "important_admin", "重要サーバ管理者",
		"Administrator of important servers", "2.1(2)②(d)",
		.read_assets = REACH_OWN, .write_assets = REACH_OWN },
	[OFFICE_OPERATOR] = { "operator", "情報システム担当者",
		"System operator", "2.1(2)⑨",
		.read_assets = REACH_OWN, .write_assets = REACH_OWN,
		.read_media = REACH_OWN, .write_media = REACH_OWN },
	[OFFICE_QUALIFICATION_CHECKER] = { "qualification_checker", "重要サーバ管理資格確認者",
		"Qualification checker", "2.1(2)②(d)" },
	[OFFICE_CSIRT_MEMBER] = { "csirt_member", "機関CSIRT員",
		"CSIRT member", "2.1(2)⑥",
		.read_assets = REACH_INST, .read_media = REACH_INST },
	[OFFICE_CSIRT_LEADER] = { "csirt_leader", "機関CSIRTチームリーダー",
		"CSIRT leader", "2.1(2)⑥",
		.read_assets = REACH_INST, .read_media = REACH_INST },
	[OFFICE_GENERAL_CSIRT_LEADER] = { "general_csirt_leader", "統括チームリーダー",
		"General CSIRT leader", "2.1(2)⑥(i)",
		.everywhere = true, .read_assets = REACH_ALL, .read_media = REACH_ALL },
	[OFFICE_COMMITTEE_MEMBER] = { "committee_member", "情報セキュリティ委員会委員",
		"Committee member", "2.1(2)⑩",
		.everywhere = true },
	[OFFICE_INST_COMMITTEE_MEMBER] = { "inst_committee_member", "機関情報セキュリティ委員会委員",
		"Committee member of the institution", "2.1(2)⑩" },
	[OFFICE_AUDIT_CHIEF] = { "audit_chief", "監査責任者",
		"Chief auditor", "2.1(2)⑪",
		.read_assets = REACH_INST, .read_media = REACH_INST },
	[OFFICE_AUDITOR] = { "auditor", "情報セキュリティ監査室員",
		"Auditor", "2.1(2)⑪",
		.read_assets = REACH_INST, .read_media = REACH_INST },
	[OFFICE_ADVISOR] = { "advisor", "情報セキュリティアドバイザー",
		"Advisor", "2.1(2)①",
		.read_assets = REACH_INST, .read_media = REACH_INST },
	[OFFICE_INCIDENT_DESK] = { "incident_desk", "機関統一窓口担当",
		"Incident desk", "2.1(2)⑬",
		.basic = true },
	[OFFICE_EXTERNAL_DESK] = { "external_desk", "外部通報窓口担当",
		"External desk", "2.1(2)⑬" },
	[OFFICE_CORPORATE_DESK] = { "corporate_desk", "機構統一窓口担当",
		"Corporate desk", "2.1(2)⑬",
		.everywhere = true },
	[OFFICE_RESEARCH_LEAD] = { "research_lead", "研究責任者",
		"Research leader", "2.2(2)②",
		.read_assets = REACH_UNIT, .read_media = REACH_UNIT },
	[OFFICE_ZTA_LEAD] = { "zta_lead", "動的アクセス制御の責任者",
		"Lead of dynamic access control", "7.3.1(2)",
		.read_assets = REACH_OWN },
	[OFFICE_STAFF] = { "staff", "役職員等（使用者）",
		"Staff", "1.2(1)",
		.read_assets = REACH_OWN, .read_media = REACH_OWN },
	[OFFICE_REGISTRY_ADMIN] = { "registry_admin", "台帳システム運用者",
		"Registry operator", "7.1.3(2)②",
		.read_assets = REACH_INST, .write_assets = REACH_INST,
		.read_media = REACH_INST, .write_media = REACH_INST },
};

const struct office_info *
office_info(enum office o)
{
	if (o < 0 || o >= OFFICE__MAX)
		bug("office %d", (int)o);
	return &offices[o];
}

static char
letter(enum reach r)
{
	static const char letters[] = { [REACH_NONE] = 'n', [REACH_OWN] = 'o', [REACH_UNIT] = 'u',
		[REACH_INST] = 'i', [REACH_ALL] = 'i' };

	return letters[r];
}

void
office_reach(enum office o, char ret[OFFICE_REACH_SIZE])
{
	const struct office_info *i = office_info(o);

	snprintf(ret, OFFICE_REACH_SIZE, "%c%c%c%c%c", letter(i->read_assets),
		 letter(i->write_assets), letter(i->read_media), letter(i->write_media),
		 i->four ? '4' : '-');
}

enum office
office_find(const char *code)
{
	int i;

	for (i = 0; i < OFFICE__MAX; i++)
		if (strcmp(offices[i].code, code) == 0)
			return (enum office)i;
	return OFFICE__MAX;
}

bool
office_list_read(const char *list, uint32_t *ret)
{
	char word[64];
	uint32_t set = 0;
	size_t n;

	for (; *list != '\0'; list += n + (list[n] == ',')) {
		list += strspn(list, " ");
		n = strcspn(list, ",");
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(list, ", "), list);
		if (n >= sizeof(word) || office_find(word) == OFFICE__MAX)
			return false;
		set |= OFFICE_BIT(office_find(word));
	}
	*ret = set;
	return true;
}
