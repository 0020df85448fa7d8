"""The sheets of one kind of asset, and the registers that name assets: connections, contacts.

All of it is in order here; what is not stands in gen_specs.ASSET_FINDINGS and in the lists below.
"""
import gen_registers

COLUMNS = """
mail_relay_blocked mail_client_auth mail_spf mail_dkim mail_dmarc mail_server_tls
web_fqdn web_uses_org_domain web_https_all web_cert_expires_on web_editors_limited
web_single_purpose web_leak_measure web_tamper_detection web_webapp web_webapp_vuln_checked_on
web_spoof_site_measure
dns_name_resolution_redundant dns_cache_response_measure dns_internal_zone
dns_internal_zone_protected dns_multi_server_consistent dns_zone_checked_on
db_dbms db_admin_accounts_managed db_access_attributable db_misuse_detection db_vuln_measure
db_data_encrypted
mfp_requirements_set mfp_settings_checked_on mfp_has_storage
special_device_kind special_internet_capable special_threat_exists special_jcstar_level
special_selection_basis special_segregated
network_line_kind network_cidrs network_max_confidentiality network_access_control
network_connection_check network_continuity_measure network_external_connection
network_external_measure network_intrusion_monitoring network_rules_reviewed_on
network_monitoring_reviewed_on
netdev_is_gateway netdev_procedure_document netdev_change_log_kept netdev_config_backup_on
netdev_software_checked_on
wlan_ssid wlan_encryption wlan_wpa2_reason wlan_auth wlan_access_log_monitored
sns_service_name sns_account_name sns_operating_unit_shown sns_procedure_document
infra_protection infra_level_procedure infra_incident_procedure infra_detection_measure
""".split()

SPECIAL_KINDS = (("カメラ", "camera"), ("録画", "camera"), ("入退室", "entry_control"),
                 ("テレビ会議", "tv_conference"), ("表示盤", "other"), ("潮位", "environment"))

# Networks that others are connected to, by 機関 and zone.
NETWORKS = {("hoshi", "internal"): "所内基幹ネットワーク", ("hoshi", "dmz"): "公開セグメント",
            ("umi", "internal"): "海洋研究所基幹ネットワーク",
            ("umi", "dmz"): "海洋研究所公開セグメント"}
PERMITTING = {"hoshi": "ryuseino.j", "umi": "namima.j"}
CONNECTED = ("server", "terminal", "nas", "mfp", "special_device")
# nobody has permitted these; the permission of the second line has ended
UNCONNECTED = ("会議室テレビ会議装置 03", "個人所有ノートPC（届出分）", "印刷サーバ")
LAPSED = ("観測研究部ノートPC 08", "事務部ノートPC 09")

# 特に重要な情報システム without an entry of their own in the emergency contacts (SRV-09).
UNLISTED = ("人事給与システム",)


def document(institution, kind):
    """The number that this document gets: they are numbered in the order of the file."""
    for i, row in enumerate(gen_registers.documents(), 1):
        if (row["institution"], row["kind"]) == (institution, kind):
            return f"D{i:08d}"
    return ""


def numbers(table):
    """The numbers that the rows of assets.csv get: name -> number."""
    return {row["name"]: f"A{i:08d}" for i, row in enumerate(table, 1)}


def platform(row, functions):
    if "mail" in functions:
        row.update(mail_relay_blocked="true", mail_client_auth="true", mail_spf="true",
                   mail_dkim="true", mail_dmarc="true", mail_server_tls="true")
    if "web" in functions or row["asset_type"] == "application":
        row.update(web_https_all="true", web_cert_expires_on="2027-06-30",
                   web_editors_limited="true", web_single_purpose="true",
                   web_leak_measure="true", web_tamper_detection="true", web_webapp="false")
        if "database" in functions or "申込" in row["name"] or "アプリ" in row["name"]:
            row.update(web_webapp="true", web_webapp_vuln_checked_on="2026-07-15")
        if row["external_public"] == "true":
            host = row["hostname"].split(";")[-1]
            row.update(web_fqdn=host, web_uses_org_domain="true", web_spoof_site_measure="true")
    if functions & {"dns_content", "dns_cache"}:
        row["dns_name_resolution_redundant"] = "true"
        if "dns_cache" in functions:
            row["dns_cache_response_measure"] = "true"
        if "dns_content" in functions:
            row.update(dns_internal_zone="false", dns_multi_server_consistent="true",
                       dns_zone_checked_on="2026-06-01")
    if "database" in functions:
        row.update(db_dbms="PostgreSQL 15", db_admin_accounts_managed="true",
                   db_access_attributable="true", db_misuse_detection="true",
                   db_vuln_measure="true", db_data_encrypted="true")


def device(row):
    kind = row["asset_type"]
    if kind == "nas" and int(row["availability"]) >= 2:
        row["bcp_reflected"] = "true"
    if kind == "mfp":
        row.update(mfp_requirements_set="true", mfp_settings_checked_on="2026-06-20",
                   mfp_has_storage="true")
    if kind == "special_device":
        alone = row["net_zone"] == "standalone"
        row.update(special_device_kind=next((k for word, k in SPECIAL_KINDS if word in row["name"]),
                                            "experiment"),
                   special_internet_capable="false" if alone else "true",
                   special_threat_exists="no" if alone else "yes")
        if not alone:
            row.update(special_jcstar_level="1", special_segregated="true")
    if kind == "network_device":
        row.update(netdev_is_gateway="true" if "gateway" in row["functions"] else "false",
                   netdev_procedure_document=document(row["institution"], "netdev_procedure"),
                   netdev_change_log_kept="true", netdev_config_backup_on="2026-09-10",
                   netdev_software_checked_on="2026-09-10")
    if kind == "wireless_lan":
        row.update(wlan_ssid=f"{row['institution']}-{row['hostname'].split('.')[0][-3:]}",
                   wlan_encryption="wpa3", wlan_auth="dot1x", wlan_access_log_monitored="true")


def network(row, count):
    outside = row["net_zone"] in ("dmz", "external") or "基幹" in row["name"]
    row.update(network_line_kind="構内LAN", network_cidrs=f"10.200.{count}.0/24",
               network_max_confidentiality="4" if row["net_zone"] == "isolated" else "3",
               network_access_control="true", network_connection_check="接続申請と機器認証",
               network_external_connection="true" if outside else "false",
               network_intrusion_monitoring="true", network_rules_reviewed_on="2026-04-20",
               network_monitoring_reviewed_on="2026-04-20",
               network_continuity_measure="機器と経路の二重化")
    if outside:
        row["network_external_measure"] = "対外接続部のファイアウォールで通信を限定"


def fill(row, count):
    """The sheets of a row that is finished otherwise."""
    kind, institution = row["asset_type"], row["institution"]
    platform(row, set(row["functions"].split(";")))
    device(row)
    if kind == "network":
        network(row, count)
    if kind == "social_media":
        row.update(sns_service_name="架空SNS", sns_account_name=f"{institution}_{count}",
                   sns_operating_unit_shown="true",
                   sns_procedure_document=document(institution, "sns_procedure"))
    if kind == "infra_software":
        row.update(infra_protection="管理用ネットワークからの操作に限定",
                   infra_level_procedure=document(institution, "infra_level"),
                   infra_incident_procedure=document(institution, "infra_incident"),
                   infra_detection_measure="操作記録の監視と警報")


def connections(table, refused):
    """What is registered and on one of the networks above; refused: rows that stay drafts."""
    number, rows = numbers(table), []
    for row in table:
        at = (row["institution"], row["net_zone"])
        if row["asset_type"] not in CONNECTED or at not in NETWORKS or id(row) in refused \
                or row["name"] in UNCONNECTED:
            continue
        lapsed = row["name"] in LAPSED
        rows.append({"institution": at[0], "asset": number[row["name"]],
                     "network": number[NETWORKS[at]], "permitted_by": PERMITTING[at[0]],
                     "permitted_on": "2026-04-10",
                     "valid_to": "2026-09-30" if lapsed else "2028-03-31", "ended_on": ""})
    return rows


def critical(table):
    """3.3(2)①(b): whom to tell, and what, when a system stops that must not."""
    number = numbers(table)
    return [{"institution": row["institution"], "list_kind": "critical_system",
             "contact_order": "1", "person": row["sysadmin"], "phone": "00-0000-1100",
             "means": "電話", "confirmed_on": "2026-09-15", "asset": number[row["name"]],
             "content": "停止の時刻、影響の範囲、復旧の見込み"}
            for row in table if row.get("bcp_critical") == "true"
            and row["name"] not in UNLISTED]
