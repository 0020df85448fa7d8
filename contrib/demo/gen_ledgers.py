"""Builds the rows of the two ledgers from the tables of gen_specs.py."""
import datetime
import random

import gen_org
import gen_sheets
import gen_specs
from gen_specs import KINDS

ASSET_COLUMNS = """
institution unit name asset_type functions parent_asset location_area location_text embodiment
portable provision maker model serial_no hostname ip_addrs mac_addrs os_name os_version
os_support_until info_description confidentiality confidentiality_basis integrity availability
handling_restrictions designated_place has_personal_info has_my_number
personal_info_consent personal_info_published personal_count_band internal_media_encryption
encryption_method encryption_cryptrec key_custodian key_backup users_text sysadmin operator
net_zone external_public internet_inbound leak_prevention transport_encryption access_restricted
physical_protection remote_access remote_auth ipv6_mode important_manual important_manual_reason
auth_method access_reviewed_on admin_priv_measure log_enabled log_items_traceable
log_retention_days log_related_to_important log_failure_procedure monitoring
monitoring_reviewed_on malware_protection vuln_checked_on vuln_state vuln_plan
software_reviewed_on config_checked_on allowed_peripherals backup_method backup_last_on
backup_location backup_retention_days backup_confidentiality restore_tested_on redundancy
dos_measure dos_monitored bcp_reflected esign bcp_critical security_requirements contract
supply_chain_checked dynamic_access_control operation_started_on note
nas_per_user_auth nas_least_privilege nas_anonymous_access nas_data_encrypted nas_key_storage
nas_access_log_days nas_log_tamper_proof nas_firmware_updated_on nas_unneeded_services_off
cloud_provider cloud_service_model cloud_ismap cloud_ismap_checked_on cloud_risk_and_measures
cloud_core_service cloud_external_share cloud_share_limited cloud_share_ended_on
cloud_access_reviewed_on cloud_ended_on
""".split() + gen_sheets.COLUMNS

# column on the wire -> label, for the file whose header row is Japanese
MEDIA_LABELS = {
    "institution": "機関", "unit": "管理部署", "name": "媒体名", "media_kind": "媒体種別",
    "serial_no": "製造番号・識別表示", "info_description": "記録する情報の内容",
    "confidentiality": "機密性分類", "has_personal_info": "個人情報の該非",
    "has_my_number": "特定個人情報の該非",
    "personal_info_consent": "本人の承諾（機密性2での取扱い）",
    "personal_info_published": "公表済みの個人情報に限る", "users_text": "使用者等",
    "custodian": "保管責任者", "sysadmin": "情報システム管理者", "provision": "支給区分",
    "encryption": "暗号化", "storage_area": "保管区域", "storage_locked": "施錠保管",
    "used_for_transport": "情報の移動に使用", "backup_of_asset": "バックアップ元",
    "removed_from_asset": "取り外し元の機器", "holds_log": "ログの保存媒体",
    "log_integrity_measure": "完全性の担保方法"}

# unit: sysadmin, operator, place of servers, place of desks
UNITS = {
    "hoshi-adm": ("suiseigawa.h", "kidou.w", "hoshi-a101", "hoshi-a201"),
    "hoshi-its": ("suiseigawa.h", "eisei.r", "hoshi-a101", "hoshi-a201"),
    "hoshi-gad": ("suiseigawa.h", "", "hoshi-a101", "hoshi-a202"),
    "hoshi-obs": ("orihime.t", "", "hoshi-a101", "hoshi-a301"),
    "hoshi-tel": ("orihime.t", "kyoutou.d", "hoshi-a301", "hoshi-a302"),
    "hoshi-lab": ("kounen.y", "", "hoshi-a101", "hoshi-a303"),
    "umi-adm": ("namima.j", "isobue.r", "umi-b101", "umi-b102"),
    "umi-its": ("namima.j", "isobue.r", "umi-b101", "umi-b102"),
    "umi-fin": ("namima.j", "", "umi-b101", "umi-b103"),
    "umi-res": ("sokuryo.d", "", "umi-b101", "umi-b202"),
    "umi-dep": ("sokuryo.d", "toudai.n", "umi-b301", "umi-b201"),
    "umi-hlab": ("namima.j", "", "umi-b401", "umi-b401")}

# type: short name for hosts, embodiment, net_zone, encryption, maker, (os, version, support)
TYPES = {
    "information_system": ("sys", "service", "internal", "full", "", ()),
    "terminal": ("pc", "physical", "internal", "full", "架空電機", (
        ("Windows 11 Education", "24H2", "2027-10-12"), ("Ubuntu", "24.04 LTS", "2029-04-25"))),
    "server": ("sv", "physical", "internal", "full", "見本計算機", (
        ("Debian GNU/Linux", "12", "2028-06-30"), ("Rocky Linux", "9", "2032-05-31"),
        ("Windows Server", "2022", "2031-10-14"))),
    "nas": ("nas", "physical", "internal", "full", "例示ストレージ", (("箱庭NAS OS", "7.2", ""),)),
    "mfp": ("mfp", "physical", "internal", "full", "架空複写機", ()),
    "special_device": ("dev", "physical", "internal", "none", "見本計測器", ()),
    "network": ("net", "service", "internal", "no_media", "", ()),
    "network_device": ("nw", "physical", "internal", "none", "例示ネットワークス", (
        ("例示ルーティングOS", "21.4", "2029-03-31"),)),
    "wireless_lan": ("ap", "physical", "internal", "none", "例示ネットワークス", ()),
    "cloud_service": ("cl", "service", "cloud", "provider", "", ()),
    "application": ("app", "service", "internal", "no_media", "", ()),
    "infra_software": ("mgr", "service", "internal", "no_media", "", ()),
    "social_media": ("sns", "service", "cloud", "no_media", "", ()),
    "facility": ("fac", "physical", "isolated", "no_media", "見本設備工業", ()),
    "system_document": ("doc", "physical", "standalone", "no_media", "", ())}

DEVICES = ("terminal", "server", "nas", "mfp", "special_device", "network_device",
           "wireless_lan", "facility")
CLOUDS = ("架空オフィスクラウド", "例示ウェブサービス", "見本計算クラウド")


class Source:
    """Numbers that are the same on every machine: only random() is promised not to change."""

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def below(self, n):
        return int(self.rng.random() * n)

    def pick(self, values):
        return values[self.below(len(values))]

    def chance(self, percent):
        return self.rng.random() * 100 < percent

    def day(self, first, days):
        return (datetime.date.fromisoformat(first)
                + datetime.timedelta(days=self.below(days))).isoformat()


def expand(text, columns):
    """Spec lines with numbered copies: yields (dict, own name)."""
    for spec in gen_org.rows(columns, text):
        name, star, count = spec["name"].partition("*")
        for i in range(int(count or 1)):
            yield spec, f"{name} {i + 1:02d}" if star else name


def pairs(text):
    for word, columns in gen_specs.WORDS.items():
        text = text.replace(word, columns)
    return dict(p.split("=", 1) for p in text.split())


def restrictions(level):
    marks = []
    if level >= 2:
        marks += ["limited_storage", "trusted_network", "encrypt_transfer",
                  "irrecoverable_disposal"]
    if level >= 3:
        marks += ["org_terminal_only", "minimal_copy", "locked_storage"]
    if level >= 4:
        marks += ["no_copy", "designated_place", "isolated_only"]
    return ";".join(marks)


def rate(row, kind, info):
    level, row["confidentiality_basis"], personal, my_number, text = KINDS[kind]
    row["info_description"] = info or text
    row["confidentiality"] = level
    row["has_personal_info"], row["has_my_number"] = personal, my_number
    if personal == "true" and level == "2":
        row["personal_info_consent"] = "true"
    if personal == "true" and level == "1":
        row["personal_info_published"] = "true"
    return int(level)


class Assets:
    def __init__(self):
        self.src = Source(20260401)
        self.areas = {a["code"]: a for a in gen_org.areas()}
        self.people = {}
        for p in gen_org.persons():
            if p["active"] == "true":
                self.people.setdefault(p["unit"], []).append(p["name_ja"])
        self.unit_names = {u["code"]: u["name_ja"] for u in gen_org.units()}
        self.count = 0
        self.last = {}

    def address(self, row):
        """Addresses kept for documentation outside, private ones inside; never the same twice."""
        first, zone = row["institution"] == "hoshi", row["net_zone"]
        if zone == "cloud":
            block = "203.0.113"
        elif zone in ("dmz", "external"):
            block = "192.0.2" if first else "198.51.100"
        else:
            third = list(UNITS).index(row["unit"]) + (100 if zone == "isolated" else 0)
            block = f"10.{1 if first else 2}.{third}"
        self.last[block] = self.last.get(block, 10) + 1
        assert self.last[block] < 255, block
        return f"{block}.{self.last[block]}"

    def place(self, row, over):
        _, _, racks, desks = UNITS[row["unit"]]
        kind = row["asset_type"]
        if row["embodiment"] != "physical":
            if kind in ("cloud_service", "social_media") or row["embodiment"] == "iaas":
                row["location_text"] = "クラウド（架空クラウド・東日本リージョン）"
            else:
                row["location_text"] = f"{self.areas[racks]['name_ja']}（論理配置）"
            return
        inside = kind in ("server", "nas", "network_device", "facility")
        code = over.get("location_area", racks if inside else desks)
        area = self.areas[code]
        row["location_area"] = code
        spot = f"ラック{1 + self.src.below(8)}" if inside else f"区画{self.src.pick('ABCDEF')}"
        row["location_text"] = " ".join(filter(None, (area["building"], area["room"], spot)))

    def network(self, row, short):
        src, zone = self.src, row["net_zone"]
        if zone == "standalone":
            row["remote_access"], row["ipv6_mode"] = "none", "not_applicable"
            return
        row["transport_encryption"] = src.pick(("tls13", "tls12", "tls13"))
        row["ipv6_mode"] = src.pick(("disabled", "designed", "disabled", "unmanaged"))
        row.setdefault("remote_access", "none")
        host = f"{row['institution']}-{short}{self.count:03d}"
        domain = gen_org.DOMAINS[row["institution"]]
        if row["asset_type"] == "social_media":
            return
        row["hostname"] = f"{host}.{domain}"
        if zone == "dmz" and "web" in row["functions"].split(";"):
            row["hostname"] += f";www{self.count}.{domain}"
        row["ip_addrs"] = self.address(row)
        if row.get("external_public") == "true" and row["ipv6_mode"] == "designed":
            row["ip_addrs"] += f";2001:db8:{self.count:x}::10"
        if row["embodiment"] == "physical":
            row["mac_addrs"] = f"02:00:5e:10:{self.count // 256:02x}:{self.count % 256:02x}"

    def protect(self, row, level):
        """What the rating asks for."""
        encrypted = row["internal_media_encryption"] in ("full", "file", "partial", "provider")
        if encrypted:
            row["encryption_method"] = "AES-256-XTS"
            row["encryption_cryptrec"] = "yes"
            row["key_custodian"] = row["sysadmin"]
            row["key_backup"] = "true"
        row["handling_restrictions"] = restrictions(level)
        if level >= 2:
            row["access_restricted"] = "true"
            if row["embodiment"] == "physical":
                row["physical_protection"] = self.src.pick((
                    "施錠ラック・入退室管理", "ワイヤーロックで固定", "施錠保管庫に収納"))
        if level >= 3:
            row["leak_prevention"] = self.src.pick((
                "外部との通信を許可先に限定", "対外通信を遮断", "通信の監視と送信先の制限"))
        if level == 4:
            row["designated_place"] = row["location_text"]
        if row["has_personal_info"] == "true":
            row["personal_count_band"] = self.src.pick(("lt100", "lt1000", "ge1000", "unknown"))

    def operate(self, row, level):
        """Logs, vulnerabilities, backup: what running the thing asks for."""
        src, kind = self.src, row["asset_type"]
        important = kind in ("server", "nas") and (
            level >= 3 or "true" in (row["external_public"], row.get("important_manual")))
        if important:
            row["log_failure_procedure"] = "サーバ運用手順書（架空）第5章"
        if kind in ("server", "nas", "cloud_service", "network_device"):
            row["auth_method"] = src.pick(("mfa", "certificate", "mfa", "password"))
            row["access_reviewed_on"] = src.day("2026-04-01", 180)
        if kind in ("server", "nas", "network_device"):
            row["admin_priv_measure"] = "管理者の個別識別と操作記録の取得"
        logs = kind in DEVICES or kind in ("cloud_service", "information_system")
        row["log_enabled"] = "true" if logs and row["net_zone"] != "standalone" else "false"
        if row["log_enabled"] == "true":
            row["log_items_traceable"] = "true"
            gateway = "gateway" in row["functions"]
            row["log_retention_days"] = "730" if gateway else \
                "400" if important or level >= 3 else src.pick(("90", "180", "365"))
        if kind in ("server", "terminal"):
            row["malware_protection"] = src.pick(("installed", "installed", "alternative"))
        if kind in ("server", "terminal", "network_device", "nas"):
            row["vuln_checked_on"] = src.day("2026-09-01", 50)
            row["vuln_state"] = "planned" if src.chance(8) else "ok"
            if row["vuln_state"] == "planned":
                row["vuln_plan"] = "次回の定期停止時に更新を適用"
        if kind == "server":
            row["monitoring"] = src.pick(("死活監視と不正アクセス検知", "操作記録の定期確認"))
            row["monitoring_reviewed_on"] = src.day("2026-05-01", 150)
            row["software_reviewed_on"] = src.day("2026-04-15", 160)
            row["config_checked_on"] = src.day("2026-07-01", 100)
            row["allowed_peripherals"] = "保守用コンソール, 無停電電源装置"
            row["bcp_reflected"] = "true"
        if int(row["availability"]) >= 2:
            row.update(backup_method="日次の差分と週次の全体", backup_location="遠隔保管区画"
                       if row["institution"] == "hoshi" else "臨海棟サーバ室 保管庫",
                       backup_retention_days="90", backup_confidentiality=str(level),
                       backup_last_on=src.day("2026-10-01", 30),
                       restore_tested_on=src.day("2026-04-01", 180))
            if kind in ("server", "nas"):
                row["redundancy"] = src.pick(("redundant", "alternative"))
        if row["availability"] == "3" and row["internet_inbound"] == "true":
            row["dos_measure"], row["dos_monitored"] = "上流での流量制限", "true"

    def sheets(self, row, level):
        src, kind = self.src, row["asset_type"]
        if kind == "nas":
            row.update(nas_per_user_auth="true", nas_least_privilege="true",
                       nas_anonymous_access="false", nas_access_log_days="400",
                       nas_log_tamper_proof="true", nas_unneeded_services_off="true",
                       nas_firmware_updated_on=src.day("2026-06-01", 120))
            encrypted = row["internal_media_encryption"] == "full"
            row["nas_data_encrypted"] = "true" if encrypted else "false"
            if encrypted:
                row["nas_key_storage"] = "鍵管理サーバ（本体とは別の機器）"
        if kind == "cloud_service":
            row.setdefault("cloud_core_service", "false")
            row.setdefault("cloud_external_share", "false")
            row.setdefault("cloud_service_model", "saas")
            core = row["cloud_core_service"] == "true"
            row["cloud_provider"] = CLOUDS[0] if core else src.pick(CLOUDS[1:])
            row["cloud_ismap"] = "ismap" if core else src.pick(
                ("ismap", "ismap_liu", "not_listed"))
            if row["cloud_ismap"] == "not_listed":
                row["cloud_risk_and_measures"] = "国内保存の確認、暗号化と多要素認証を必須とする"
            else:
                row["cloud_ismap_checked_on"] = src.day("2026-04-01", 150)
            if row["cloud_external_share"] == "true" and level >= 2:
                row["cloud_share_limited"] = "true"
            row["cloud_access_reviewed_on"] = src.day("2026-04-01", 150)

    def build(self, spec, name):
        src, kind, over = self.src, spec["type"], pairs(spec["over"])
        self.count += 1
        short, body, zone, crypt, maker, systems = TYPES[kind]
        row = dict(institution=spec["unit"].split("-")[0], unit=spec["unit"], name=name,
                   asset_type=kind, functions=spec["functions"], embodiment=body,
                   provision="external_service" if body == "service" and zone == "cloud"
                   else "issued", net_zone=zone, internal_media_encryption=crypt,
                   external_public="false", internet_inbound="false", availability="1",
                   bcp_critical="false", remote_access="none")
        if kind == "cloud_service":
            row["functions"] = row["functions"] or "other"
        level = rate(row, spec["kind"], spec["info"])
        if level >= 3 and crypt == "none":
            row["internal_media_encryption"] = "full"
        row["integrity"] = "2" if level >= 3 or kind == "server" else "1"
        row["sysadmin"], row["operator"], _, _ = UNITS[row["unit"]]
        if kind in ("network", "network_device", "wireless_lan") and row["unit"] == "hoshi-its":
            row["sysadmin"] = "ryuseino.j"
        row.update(over)
        if row["external_public"] == "true" or row["net_zone"] == "cloud":
            row["internet_inbound"] = "true"
        self.place(row, over)
        if row["embodiment"] == "physical" and maker:
            row.update(maker=maker, model=f"{short.upper()}-{100 * (1 + src.below(9))}",
                       serial_no=f"KK{short.upper()}{20260000 + self.count}")
        if systems:
            row["os_name"], row["os_version"], row["os_support_until"] = src.pick(systems)
        if kind == "terminal":
            row["portable"] = "true" if "ノート" in name or "タブレット" in name else "false"
        self.network(row, short)
        self.users(row)
        self.protect(row, level)
        self.operate(row, level)
        self.sheets(row, level)
        if row["integrity"] != "1":
            row["esign"] = src.pick(("not_needed", "provided"))
        if kind in ("information_system", "server", "cloud_service"):
            row["security_requirements"] = "構築仕様書（架空）第3章 セキュリティ要件"
        row["operation_started_on"] = src.day("2019-04-01", 2600)
        self.remark(row)
        gen_sheets.fill(row, self.count)
        return row

    def users(self, row):
        unit, src = self.unit_names[row["unit"]], self.src
        if row["asset_type"] == "terminal" and src.chance(60):
            row["users_text"] = src.pick(self.people[row["unit"]])
        elif row["external_public"] == "true":
            row["users_text"] = f"{unit}（編集）、一般の閲覧者"
        else:
            row["users_text"] = src.pick((f"{unit}員", f"{unit}・共同研究者", f"{unit}の職員"))

    def remark(self, row):
        n = self.count
        if n % 23 == 0:
            row["note"] = "2027年度に更新予定, 後継機は選定中"
        elif n % 31 == 0:
            row["note"] = "銘板の表示は\"予備機\"\n前面パネルに管理札あり"
        if row["provision"] == "non_issued":
            row["note"] = "持ち主の届出あり（許可の申請中）"


def spoil(table, text):
    """Applies a table of FAULTS or FINDINGS; returns [(row, name, set of codes)]."""
    by_name, done = {r["name"]: r for r in table}, []
    for f in gen_org.rows("name codes over", text):
        row = by_name.get(f["name"])
        assert row is not None, f"no row is called {f['name']}"
        row.update(pairs(f["over"]))
        done.append((row, f["name"], set(f["codes"].split())))
    return done


def assets():
    maker = Assets()
    table = [maker.build(spec, name) for spec, name in
             expand(gen_specs.ASSETS, "type name unit kind functions info over")]
    faults = spoil(table, gen_specs.ASSET_FAULTS)
    findings = spoil(table, gen_specs.ASSET_FINDINGS)
    return table, faults, findings


def medium(src, spec, name, number, logins):
    unit = spec["unit"]
    sysadmin, _, racks, desks = UNITS[unit]
    row = dict(institution=unit.split("-")[0], unit=unit, name=name, media_kind=spec["type"],
               serial_no=f"KKM{spec['type'][0].upper()}{26000 + number}", provision="issued",
               used_for_transport="false", holds_log="false", sysadmin=sysadmin)
    level = rate(row, spec["kind"], spec["info"])
    row.pop("confidentiality_basis")
    row["users_text"] = src.pick(("使用簿に記載の職員", "担当者及び所属長", "管理部署の職員"))
    row["custodian"] = src.pick(logins[unit])
    strong = "software" if spec["type"] in ("tape", "optical", "removed_disk") else "hardware"
    row["encryption"] = strong if level >= 3 else "file" if level == 2 else "none"
    row["storage_area"] = racks if spec["type"] in ("tape", "removed_disk") else desks
    row["storage_locked"] = "true" if level >= 2 or src.chance(50) else "false"
    row.update(pairs(spec["over"]))
    if row["holds_log"] == "true":
        row["log_integrity_measure"] = "追記禁止の設定とハッシュ値の別保管"
    return row


def media():
    src, logins = Source(20260402), {}
    for p in gen_org.persons():
        if p["active"] == "true" and p["person_kind"] not in ("student", "contractor"):
            logins.setdefault(p["unit"], []).append(p["login"])
    table = [medium(src, spec, name, i, logins) for i, (spec, name) in
             enumerate(expand(gen_specs.MEDIA, "type name unit kind info over"), 1)]
    faults = spoil(table, gen_specs.MEDIA_FAULTS)
    findings = spoil(table, gen_specs.MEDIA_FINDINGS)
    return table, faults, findings
