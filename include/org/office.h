/*
 * Offices (役割) of the standard, as one declared table: code, names, clause, and what an office
 * in force lets its holder do with the ledgers (requirements: chapter 2.1 of the standard).
 */
#ifndef ORG_OFFICE_H
#define ORG_OFFICE_H

#include <base/util.h>

enum office {
	OFFICE_CISO,
	OFFICE_GENERAL_ISO,
	OFFICE_INST_CISO,
	OFFICE_ISO,
	OFFICE_DEPUTY_ISO,
	OFFICE_ISM,
	OFFICE_SYSADMIN,
	OFFICE_IMPORTANT_ADMIN,
	OFFICE_OPERATOR,
	OFFICE_QUALIFICATION_CHECKER,
	OFFICE_CSIRT_MEMBER,
	OFFICE_CSIRT_LEADER,
	OFFICE_GENERAL_CSIRT_LEADER,
	OFFICE_COMMITTEE_MEMBER,
	OFFICE_INST_COMMITTEE_MEMBER,
	OFFICE_AUDIT_CHIEF,
	OFFICE_AUDITOR,
	OFFICE_ADVISOR,
	OFFICE_INCIDENT_DESK,
	OFFICE_EXTERNAL_DESK,
	OFFICE_CORPORATE_DESK,
	OFFICE_RESEARCH_LEAD,
	OFFICE_ZTA_LEAD,
	OFFICE_STAFF,
	OFFICE_REGISTRY_ADMIN,
	OFFICE__MAX
};

#define OFFICE_BIT(o) (UINT32_C(1) << (o))

/* Who confirms ratings, 2.2(2)②: office_info.rates; in which order is for the database. */
#define RATERS (OFFICE_BIT(OFFICE_ISM) | OFFICE_BIT(OFFICE_ISO))

/* Sets of offices that a row of the route table names.  0 refuses everyone. */
#define OFFICES_NOBODY UINT32_C(0)
#define OFFICES_ANYONE UINT32_C(0x80000000) /* without identity: health, OpenAPI */
#define OFFICES_KNOWN UINT32_C(0x40000000)  /* any identified person, office or not */

/* How far an office reaches into a ledger; the order is that of width. */
enum reach {
	REACH_NONE,
	REACH_OWN,  /* rows that name the person */
	REACH_UNIT, /* the unit of the appointment and all below it, or its range (2.1(2)⑤, ⑦) */
	REACH_INST, /* the 機関 of the appointment */
	REACH_ALL,
};

/* Rows that name the person are readable in every office that reads the ledger at all. */
struct office_info {
	const char *code;
	const char *ja;
	const char *en;
	const char *clause;
	bool everywhere;  /* appointed for the whole 機構, not for one 機関 */
	enum reach read_assets, write_assets; /* 情報資産台帳 */
	enum reach read_media, write_media;   /* 外部電磁的記録媒体管理台帳 */
	bool four;  /* ④: may see 機密性4 within its reach */
	bool rates; /* confirms ratings, 2.2(2)② */
	bool basic; /* looks up basic columns in the whole 機関: 2.1(2)⑧(h), ⑬(c) */
};

const struct office_info *office_info(enum office);

#define OFFICE_REACH_SIZE 6

/* As tx_context.reach: "iinn4". */
void office_reach(enum office, char ret[OFFICE_REACH_SIZE]);

/* OFFICE__MAX when there is no such code. */
enum office office_find(const char *code);

/* "inst_ciso,ism" as a set; false for a word that is no office. */
bool office_list_read(const char *list, uint32_t *ret) MUST;

#endif
