/* The sections of a system catalogue and the members of their entries, once. */
#include <workflow/catalogue.h>

static const struct choice protocol_choices[] = {
	{ "tcp", "TCP" }, { "udp", "UDP" }, { "sctp", "SCTP" }, { "icmp", "ICMP" },
	{ "other", "その他" }, { NULL, NULL },
};

static const struct choice exposure_choices[] = {
	{ "internet", "機構外に公開" },
	{ "corporate", "機構内" },
	{ "institution", "機関内" },
	{ "segment", "同一セグメント内" },
	{ "local", "サーバ内のみ" },
	{ NULL, NULL },
};

static const struct choice authentication_choices[] = {
	{ "password", "パスワード" }, { "key", "公開鍵" }, { "token", "トークン・ワンタイムパスワード" },
	{ "certificate", "証明書・ICカード" }, { "multi", "多要素" }, { "none", "なし（ログイン不可）" },
	{ NULL, NULL },
};

static const struct choice confidentiality_choices[] = {
	{ "1", "機密性1" }, { "2", "機密性2" }, { "3", "機密性3" }, { "4", "機密性4" },
	{ NULL, NULL },
};

static const struct choice two_choices[] = { { "1", "1" }, { "2", "2" }, { NULL, NULL } };

#define TEXT(n, l, m) { .name = n, .label = l, .type = FT_TEXT, .max = m }
#define NEEDED(n, l, m) { .name = n, .label = l, .type = FT_TEXT, .max = m, .flags = FF_REQUIRED }
#define NOTE TEXT("note", "備考", 1000)
#define END { .name = NULL }

const struct catalogue_section catalogue_sections[] = {
	{ "hardware", "機器構成", "2.1(2)⑧(e)", "Parts of the machine.", {
		NEEDED("item", "機器・部品", 200), TEXT("maker", "製造者", 200),
		TEXT("model", "型番", 200), TEXT("serial_no", "製造番号", 100),
		TEXT("specification", "仕様", 1000), TEXT("place", "設置場所", 200), NOTE, END } },
	{ "services", "提供サービス・開放ポート", "2.1(2)⑧(e), 6.4(2)①",
	  "Services, the ports they are on, and who reaches them.", {
		NEEDED("service", "サービス", 200),
		{ .name = "protocol", .label = "プロトコル", .type = FT_ENUM,
		  .choices = protocol_choices, .flags = FF_REQUIRED },
		{ .name = "port", .label = "ポート番号", .type = FT_INT, .min = 1, .max = 65535 },
		{ .name = "exposure", .label = "公開範囲", .type = FT_ENUM,
		  .choices = exposure_choices, .flags = FF_REQUIRED },
		TEXT("software", "ソフトウェア", 200),
		{ .name = "encrypted", .label = "通信の暗号化", .type = FT_BOOL },
		NOTE, END } },
	{ "network", "ネットワーク構成", "2.1(2)⑧(e), 6.8(2)", "Interfaces and their addresses.", {
		{ .name = "host", .label = "ホスト名", .type = FT_TEXT, .max = 253,
		  .format = FORMAT_HOST, .flags = FF_REQUIRED },
		TEXT("interface", "インタフェース", 100),
		{ .name = "ip", .label = "IPアドレス", .type = FT_TEXT, .max = 64,
		  .format = FORMAT_IP },
		{ .name = "mac", .label = "MACアドレス", .type = FT_TEXT, .max = 64,
		  .format = FORMAT_MAC },
		TEXT("network", "接続先ネットワーク", 200), TEXT("firewall", "通信制御", 1000), NOTE,
		END } },
	{ "accounts", "管理者権限を持つ識別コードの一覧", "7.1.3(2)②, 4.1(2)④(d)",
	  "Privileged accounts and who holds them; never their passwords, keys or hashes.", {
		NEEDED("account", "識別コード", 100), NEEDED("holder", "保有者", 200),
		NEEDED("privilege", "権限", 400),
		{ .name = "authentication", .label = "主体認証の方式", .type = FT_ENUM,
		  .choices = authentication_choices },
		{ .name = "reviewed_on", .label = "見直し日", .type = FT_DATE }, NOTE, END } },
	{ "data_held", "保存する情報と格付け", "2.2(2)②", "Information that is kept, and its rating.", {
		NEEDED("data", "情報", 400),
		{ .name = "confidentiality", .label = "機密性", .type = FT_LEVEL,
		  .choices = confidentiality_choices, .flags = FF_REQUIRED },
		{ .name = "integrity", .label = "完全性", .type = FT_LEVEL, .choices = two_choices },
		{ .name = "availability", .label = "可用性", .type = FT_LEVEL,
		  .choices = two_choices },
		{ .name = "personal_info", .label = "個人情報", .type = FT_BOOL },
		{ .name = "encrypted", .label = "保存時の暗号化", .type = FT_BOOL },
		TEXT("location", "保存場所", 400), NOTE, END } },
	{ "maintenance_vendor", "保守請負業者", "2.1(2)⑧(f)",
	  "Who maintains it, and how to reach them.", {
		NEEDED("vendor", "業者", 200), TEXT("contact", "担当者", 200),
		NEEDED("phone", "電話", 100),
		{ .name = "email", .label = "メール", .type = FT_TEXT, .max = 254,
		  .format = FORMAT_MAIL },
		TEXT("hours", "受付時間", 200), TEXT("contract", "契約", 200), NOTE, END } },
	{ .name = NULL },
};
