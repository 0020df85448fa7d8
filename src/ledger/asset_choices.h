/* Values that the columns of the asset ledger may take. */
#ifndef LEDGER_ASSET_CHOICES_H
#define LEDGER_ASSET_CHOICES_H

#include <ledger/field.h>

static const struct choice asset_type_choices[] = {
	{ "information_system", "情報システム（まとまり）" },
	{ "terminal", "端末" },
	{ "server", "サーバ装置" },
	{ "nas", "NAS" },
	{ "mfp", "複合機" },
	{ "special_device", "特定用途機器（IoT機器を含む）" },
	{ "network", "ネットワーク" },
	{ "network_device", "ネットワーク装置" },
	{ "wireless_lan", "無線LAN" },
	{ "cloud_service", "クラウドサービス" },
	{ "application", "アプリケーション・コンテンツ" },
	{ "infra_software", "基盤を管理又は制御するソフトウェア" },
	{ "social_media", "ソーシャルメディアアカウント" },
	{ "facility", "情報施設・設備" },
	{ "system_document", "システム関連文書" },
	{ NULL, NULL },
};

static const struct choice functions_choices[] = {
	{ "mail", "電子メール" },
	{ "web", "ウェブサーバ" },
	{ "dns_content", "DNSコンテンツサーバ" },
	{ "dns_cache", "DNSキャッシュサーバ" },
	{ "database", "データベース" },
	{ "file", "ファイル共有" },
	{ "auth", "認証基盤" },
	{ "log", "ログ集約" },
	{ "backup", "バックアップ" },
	{ "gateway", "ゲートウェイ（対外接続部）" },
	{ "vpn", "リモートアクセス・VPN" },
	{ "virtualization", "仮想化基盤" },
	{ "compute", "計算・解析" },
	{ "experiment", "実験・観測制御" },
	{ "other", "その他" },
	{ NULL, NULL },
};

static const struct choice embodiment_choices[] = {
	{ "physical", "物理的な装置" },
	{ "virtual", "仮想（機関内）" },
	{ "iaas", "クラウド上（IaaS）" },
	{ "service", "サービス・論理" },
	{ NULL, NULL },
};

static const struct choice provision_choices[] = {
	{ "issued", "機関支給（調達・開発）" },
	{ "non_issued", "機関支給以外" },
	{ "external_service", "外部サービス" },
	{ NULL, NULL },
};

static const struct choice confidentiality_choices[] = {
	{ "1", "機密性1" },
	{ "2", "機密性2（機構外秘）" },
	{ "3", "機密性3（秘密）" },
	{ "4", "機密性4（極秘）" },
	{ NULL, NULL },
};

static const struct choice confidentiality_basis_choices[] = {
	{ "c4_national_security", "機密性4①国の安全保障にかかわる情報" },
	{ "c4_my_number", "機密性4②特定個人情報を含む情報" },
	{ "c3_personal", "機密性3①個人情報を含む情報" },
	{ "c3_management", "機密性3②運営に関わる重要な情報（情報セキュリティ管理者指定）" },
	{ "c3_government", "機密性3③国から機構又は機関限りとして提示された情報" },
	{ "c3_unpublished", "機密性3④公表前の研究データ・論文情報等（研究責任者指定）" },
	{ "c2_internal", "機密性2①機構内・機関内限り" },
	{ "c2_harm", "機密性2②漏えいにより権利侵害・業務支障のおそれ" },
	{ "c2_research", "機密性2③機構外秘（研究責任者指定）" },
	{ "c2_personal_consented", "機密性2 本人が承諾した個人情報" },
	{ "c1_published", "機密性1 公表済み" },
	{ "c1_publishable", "機密性1 公表しても差し支えない" },
	{ NULL, NULL },
};

static const struct choice rating_status_choices[] = {
	{ "provisional", "仮（登録者案）" },
	{ "confirmed", "確定（情報セキュリティ管理者）" },
	{ NULL, NULL },
};

static const struct choice handling_restrictions_choices[] = {
	{ "no_copy", "複製・配付禁止" },
	{ "minimal_copy", "必要以上の複製・配付禁止" },
	{ "designated_place", "指定場所以外でのアクセス禁止" },
	{ "isolated_only", "スタンドアロン又は独立ネットワークに限定" },
	{ "org_terminal_only", "機構資産の端末以外での作業禁止" },
	{ "locked_storage", "施錠保管" },
	{ "limited_storage", "保管場所の制限" },
	{ "encrypt_transfer", "送信・運搬時の暗号化等" },
	{ "irrecoverable_disposal", "復元不可能な廃棄" },
	{ "trusted_network", "信頼できる回線の利用" },
	{ NULL, NULL },
};

static const struct choice personal_count_band_choices[] = {
	{ "lt100", "100未満" },
	{ "lt1000", "100〜999" },
	{ "ge1000", "1,000以上" },
	{ "unknown", "不明" },
	{ NULL, NULL },
};

static const struct choice internal_media_encryption_choices[] = {
	{ "full", "媒体全体を暗号化" },
	{ "file", "ファイル・領域単位で暗号化" },
	{ "partial", "一部の媒体のみ" },
	{ "provider", "事業者側で暗号化" },
	{ "none", "暗号化なし" },
	{ "no_media", "内蔵媒体なし" },
	{ "unknown", "不明" },
	{ NULL, NULL },
};

static const struct choice encryption_cryptrec_choices[] = {
	{ "yes", "適合" },
	{ "no", "不適合" },
	{ "unknown", "未確認" },
	{ NULL, NULL },
};

static const struct choice net_zone_choices[] = {
	{ "standalone", "スタンドアロン" },
	{ "isolated", "独立したネットワーク" },
	{ "internal", "機関内ネットワーク" },
	{ "dmz", "公開セグメント" },
	{ "external", "機関外ネットワーク" },
	{ "cloud", "クラウド" },
	{ NULL, NULL },
};

static const struct choice transport_encryption_choices[] = {
	{ "tls13", "TLS1.3" },
	{ "tls12", "TLS1.2" },
	{ "tls_old", "TLS1.1以下" },
	{ "vpn", "VPN・専用線" },
	{ "ssh", "SSH等" },
	{ "none", "なし" },
	{ "not_applicable", "該当なし" },
	{ NULL, NULL },
};

static const struct choice remote_access_choices[] = {
	{ "none", "なし" },
	{ "user", "利用者" },
	{ "maintenance", "保守" },
	{ "both", "利用者・保守" },
	{ NULL, NULL },
};

static const struct choice remote_auth_choices[] = {
	{ "mfa", "多要素" },
	{ "biometric", "生体" },
	{ "password", "パスワードのみ" },
	{ "none", "なし" },
	{ NULL, NULL },
};

static const struct choice ipv6_mode_choices[] = {
	{ "disabled", "抑止" },
	{ "designed", "想定し対策済み" },
	{ "unmanaged", "未検討" },
	{ "not_applicable", "該当なし" },
	{ NULL, NULL },
};

static const struct choice important_state_choices[] = {
	{ "not_applicable", "該当しない" },
	{ "pending", "許可待ち" },
	{ "permitted", "許可済み" },
	{ "suspended", "許可停止" },
	{ "revoked", "許可取消・解除" },
	{ NULL, NULL },
};

static const struct choice auth_method_choices[] = {
	{ "mfa", "多要素" },
	{ "certificate", "証明書" },
	{ "password", "パスワード" },
	{ "none", "なし" },
	{ "not_applicable", "該当なし" },
	{ NULL, NULL },
};

static const struct choice malware_protection_choices[] = {
	{ "installed", "導入済み" },
	{ "alternative", "代替策" },
	{ "none", "なし" },
	{ "not_applicable", "該当なし" },
	{ NULL, NULL },
};

static const struct choice vuln_state_choices[] = {
	{ "ok", "対策済み" },
	{ "planned", "対策計画あり" },
	{ "open", "未対策" },
	{ "unknown", "未確認" },
	{ NULL, NULL },
};

static const struct choice backup_confidentiality_choices[] = {
	{ "1", "機密性1" },
	{ "2", "機密性2" },
	{ "3", "機密性3" },
	{ "4", "機密性4" },
	{ NULL, NULL },
};

static const struct choice redundancy_choices[] = {
	{ "redundant", "冗長構成" },
	{ "alternative", "代替手段" },
	{ "none", "なし" },
	{ NULL, NULL },
};

static const struct choice esign_choices[] = {
	{ "provided", "あり" },
	{ "not_needed", "不要と判断" },
	{ "none", "なし" },
	{ "unknown", "未検討" },
	{ NULL, NULL },
};

static const struct choice cloud_service_model_choices[] = {
	{ "iaas", "IaaS" },
	{ "paas", "PaaS" },
	{ "saas", "SaaS" },
	{ NULL, NULL },
};

static const struct choice cloud_ismap_choices[] = {
	{ "ismap", "ISMAP掲載" },
	{ "ismap_liu", "ISMAP-LIU掲載" },
	{ "not_listed", "掲載なし" },
	{ "unknown", "未確認" },
	{ NULL, NULL },
};

static const struct choice state_choices[] = {
	{ "draft", "下書き" },
	{ "planned", "設置準備中" },
	{ "in_operation", "運用中" },
	{ "suspended", "停止・遮断中" },
	{ "retired", "運用終了（抹消待ち）" },
	{ "sanitised", "抹消済み" },
	{ "disposed", "廃棄済み" },
	{ "transferred", "他機関へ移管" },
	{ "lost", "紛失・盗難" },
	{ NULL, NULL },
};

static const struct choice special_device_kind_choices[] = {
	{ "tv_conference", "テレビ会議" },
	{ "ip_phone", "IP電話" },
	{ "camera", "ネットワークカメラ" },
	{ "entry_control", "入退管理" },
	{ "facility", "施設管理" },
	{ "environment", "環境モニタリング" },
	{ "experiment", "実験・観測機器" },
	{ "other", "その他" },
	{ NULL, NULL },
};

static const struct choice special_threat_exists_choices[] = {
	{ "yes", "あり" },
	{ "no", "なし" },
	{ "not_assessed", "未評価" },
	{ NULL, NULL },
};

static const struct choice wlan_encryption_choices[] = {
	{ "wpa3", "WPA3" },
	{ "wpa3_transition", "WPA3/WPA2混在" },
	{ "wpa2", "WPA2" },
	{ "wpa", "WPA1" },
	{ "wep", "WEP" },
	{ "open", "なし" },
	{ NULL, NULL },
};

static const struct choice wlan_auth_choices[] = {
	{ "dot1x", "IEEE 802.1X" },
	{ "psk", "PSK" },
	{ "portal", "ポータル" },
	{ "none", "なし" },
	{ NULL, NULL },
};

static const struct choice emergency_stop_choices[] = {
	{ "allowed", "可" },
	{ "consult", "連絡のうえ可" },
	{ "forbidden", "不可" },
	{ NULL, NULL },
};

#endif
