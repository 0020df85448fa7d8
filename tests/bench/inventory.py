"""An inventory of any size, made up but shaped like real ones: 36 of the columns filled in,
Japanese values, references into the demonstration organisation.  The same number gives the same
row."""
import csv
import json
import os

COLUMNS = """institution unit name asset_type functions location_area location_text embodiment
provision maker model serial_no hostname ip_addrs mac_addrs os_name os_version os_support_until
info_description confidentiality confidentiality_basis integrity availability has_personal_info
has_my_number internal_media_encryption encryption_method users_text sysadmin operator net_zone
external_public internet_inbound log_enabled log_retention_days note""".split()

KINDS = [  # asset_type, functions, what it is called, maker, model, os, version
    ("server", ["file"], "ファイルサーバ", "架空電機", "KX-2200", "Debian GNU/Linux", "12.7"),
    ("server", ["web", "database"], "業務ウェブサーバ", "星見製作所", "HS-R640", "Ubuntu", "22.04"),
    ("server", ["compute"], "解析計算ノード", "大洋計算機", "TK-9000", "Rocky Linux", "9.4"),
    ("terminal", [], "事務用端末", "架空電機", "ノートPC KN-14", "Windows 11", "23H2"),
    ("terminal", [], "実験制御端末", "南洋情報", "DT-77", "Windows 10 LTSC", "21H2"),
    ("nas", [], "研究室NAS", "星見製作所", "NAS-8R", "専用ファームウェア", "7.2.1"),
    ("network_device", ["gateway"], "ルータ装置", "大洋計算機", "RT-1210", "専用OS", "15.04"),
    ("mfp", [], "複合機", "南洋情報", "MF-C3300", "専用ファームウェア", "2.08"),
]
USES = ["観測データ処理", "人事給与事務", "財務会計", "共同研究データ共有", "装置監視", "図書管理",
        "学生実習", "公開ウェブ配信", "バックアップ", "電子メール中継", "深海計測", "望遠鏡制御"]
RATINGS = [  # level, basis, personal information, My Number
    ("2", "c2_internal", False, False), ("2", "c2_research", False, False),
    ("3", "c3_personal", True, False), ("3", "c3_unpublished", False, False),
    ("1", "c1_published", False, False), ("4", "c4_my_number", True, True),
]


class Organisation:
    """Units, areas and persons of one 機関 of the demonstration."""

    def __init__(self, top, institution):
        self.code = institution

        def column(file, name):
            with open(os.path.join(top, "contrib/demo", file), encoding="utf-8") as f:
                return [r[name] for r in csv.DictReader(f) if r["institution"] == institution]
        self.units = column("units.csv", "code")
        self.areas = column("areas.csv", "code")
        self.persons = column("persons.csv", "login")


def asset(org, n):
    """Row n, values as JSON takes them."""
    kind, functions, what, maker, model, system, version = KINDS[n % len(KINDS)]
    use = USES[n // 3 % len(USES)]
    level, basis, personal, my_number = RATINGS[n // 7 % len(RATINGS)]
    host = f"{org.code}-{kind[:3]}{n:07d}.{org.code}.example.ac.jp"
    return {
        "institution": org.code,
        "unit": org.units[n % len(org.units)],
        "name": f"{use}用{what} {n:07d}号機",
        "asset_type": kind,
        "functions": functions,
        "location_area": org.areas[n % len(org.areas)],
        "location_text": f"研究棟{'ABCDE'[n % 5]} {n // 5 % 6 + 1}{n % 40:02d}室",
        "embodiment": "physical",
        "provision": "issued",
        "maker": maker,
        "model": model,
        "serial_no": f"SN-{n * 7919 % 99999989:08d}",
        "hostname": [host] if n % 3 else [host, f"alias{n:07d}.example.ac.jp"],
        "ip_addrs": [f"10.{n // 65025 % 255}.{n // 255 % 255}.{n % 255 + 1}"],
        "mac_addrs": [f"02:00:{n >> 24 & 255:02x}:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:"
                      f"{n & 255:02x}"],
        "os_name": system,
        "os_version": version,
        "os_support_until": f"20{28 + n % 5}-03-31",
        "info_description": f"{use}に係る情報（{n % 97}年度分までの記録、申請書類、集計表を含む）",
        "confidentiality": int(level),
        "confidentiality_basis": basis,
        "integrity": n % 2 + 1,
        "availability": n % 3 + 1,
        "has_personal_info": personal,
        "has_my_number": my_number,
        "internal_media_encryption": "full" if n % 2 else "file",
        "encryption_method": "AES-256-XTS",
        "users_text": f"{use}担当 {n % 23 + 2}名",
        "sysadmin": org.persons[n % len(org.persons)],
        "operator": org.persons[(n + 3) % len(org.persons)],
        "net_zone": "internal",
        "external_public": n % 11 == 0,
        "internet_inbound": n % 11 == 0,
        "log_enabled": True,
        "log_retention_days": 365,
        "note": f"令和{n % 7 + 1}年度導入。更新予定あり、{'要確認' if n % 5 else '廃棄予定'}。",
    }


def body(org, n):
    """Row n as JSON for POST, one line."""
    return json.dumps(asset(org, n), ensure_ascii=False, separators=(",", ":"))


def as_cell(v):
    """As people write it into a table."""
    if isinstance(v, list):
        return ";".join(v)
    return {True: "true", False: "false"}.get(v, v) if isinstance(v, bool) else v


def as_sql(v):
    """As PostgreSQL reads it."""
    if isinstance(v, list):
        return "{" + ",".join(f'"{e}"' for e in v) + "}" if v else ""
    return {True: "t", False: "f"}.get(v, v) if isinstance(v, bool) else v


def write_table(path, org, first, count):
    """For the import: a header and the rows."""
    with open(path, "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f)
        w.writerow(COLUMNS)
        for n in range(first, first + count):
            row = asset(org, n)
            w.writerow([as_cell(row[c]) for c in COLUMNS])


def write_copy(path, org, first, count):
    r"""The same rows for \copy, with what the import adds: state and adopted."""
    with open(path, "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f)
        for n in range(first, first + count):
            row = asset(org, n)
            w.writerow([as_sql(row[c]) for c in COLUMNS] + ["in_operation", "t"])


COPY_COLUMNS = ", ".join(COLUMNS + ["state", "adopted"])
