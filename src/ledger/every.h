/* The columns that every ledger has: who changed the row when, and which version it is. */
#ifndef LEDGER_EVERY_H
#define LEDGER_EVERY_H

#include <ledger/field.h>

#define FIELDS_OF_EVERY_LEDGER \
	{ .name = "row_version", .label = "版", .type = FT_INT, .max = 2147483647, \
		.flags = FF_READONLY }, \
	{ .name = "created_by", .label = "登録者", .clause = "7.1.4(2)②(e)イ", \
		.type = FT_REF, .ref = LEDGER_PERSON, .flags = FF_READONLY }, \
	{ .name = "created_at", .label = "登録日時", .clause = "7.1.4(2)②(e)イ", \
		.type = FT_STAMP, .flags = FF_READONLY }, \
	{ .name = "updated_by", .label = "最終更新者", .clause = "7.1.4(2)②(e)イ", \
		.type = FT_REF, .ref = LEDGER_PERSON, .flags = FF_READONLY }, \
	{ .name = "updated_at", .label = "最終更新日時", .clause = "7.1.4(2)②(e)イ", \
		.type = FT_STAMP, .flags = FF_READONLY }

#endif
