"""What the rules ask about beside the ledgers: contracts, documents, emergency contacts."""
import gen_org

# A few are faulty on purpose: a contract that has ended unchecked, a manual that is missing.
CONTRACTS = """
    hoshi|情報システム保守（認証・メール・ウェブ）|架空システム保守株式会社|maintenance|3|true|true|true|2026-05-12|2026-09-30|2026-04-01|2028-03-31||
    hoshi|望遠鏡制御装置の保守|見本計測器サービス|maintenance|2|true|true|true|2026-04-20|2026-10-05|2025-04-01|2028-03-31||
    hoshi|広報ウェブサイトの運用|例示ウェブ制作所|website|1|true||true|||2026-04-01|2027-03-31||
    hoshi|観測予約システムの開発|例示ソフト工房|development|2|true|true|true|2025-06-01|2025-12-01|2025-04-01|2026-03-31||
    umi|会計システムの運用支援|架空事務サービス|support|3|true|true|true|2026-06-02|2026-09-01|2026-04-01|2028-03-31||
    umi|深海観測データの解析委託|見本データ解析研究所|research|2|true|true|||2026-04-01|2026-04-01|2027-03-31||
    umi|旧ファイルサーバの保守|例示ストレージ|maintenance|2|true|true|true|2024-05-01|2025-12-01|2023-04-01|2026-03-31|2026-04-10|erased
"""

DOCUMENTS = """
    hoshi||procedure|情報セキュリティ実施手順|kitaboshi.y|2026-05-01|2026-05-15
    hoshi|hoshi-adm|c3_manual|管理部における機密性3以上の取扱い|tsukikage.m|2026-05-20|2026-06-01
    hoshi|hoshi-its|c3_manual|情報基盤課における機密性3以上の取扱い|seiunda.n|2026-05-20|2026-06-01
    hoshi|hoshi-gad|c3_manual|総務人事課における機密性3以上の取扱い|nichirin.c|2026-05-20|2026-06-01
    hoshi|hoshi-obs|c3_manual|観測研究部における機密性3以上の取扱い|hakucho.g|2025-11-10|2025-12-01
    hoshi||media_manual|外部電磁的記録媒体の利用手順|kitaboshi.y|2026-05-01|2026-05-15
    hoshi||incident_report|インシデント報告手順|kitaboshi.y|2026-05-01|2026-05-15
    hoshi||telework|テレワーク実施手順と確認項目|kitaboshi.y|2025-10-01|2025-10-15
    hoshi||cloud_manual|クラウドサービスの選定と利用|kitaboshi.y|2026-02-01|2026-02-15
    hoshi||netdev_procedure|ネットワーク装置の実施手順|ryuseino.j|2026-03-01|2026-03-10
    hoshi||sns_procedure|ソーシャルメディアの運用手順|kitaboshi.y|2025-08-01|2025-09-01
    hoshi||infra_level|基盤ソフトウェアの水準維持手順|suiseigawa.h|2026-03-01|2026-03-10
    hoshi||infra_incident|基盤ソフトウェアのインシデント対処手順|suiseigawa.h|2026-03-01|2026-03-10
    hoshi|hoshi-tel|c3_manual|望遠鏡運用室における機密性3以上の取扱い|hikoboshi.m|2026-05-20|2026-06-01
    hoshi|hoshi-lab|c3_manual|恒星データ研究グループにおける機密性3以上の取扱い|kounen.y|2026-05-20|2026-06-01
    umi||procedure|情報セキュリティ実施手順|shinkai.t|2026-04-15|2026-05-01
    umi|umi-adm|c3_manual|事務部における機密性3以上の取扱い|sangomori.a|2026-04-20|2026-05-01
    umi|umi-fin|c3_manual|財務課における機密性3以上の取扱い|hoshizuna.e|2026-04-20|2026-05-01
    umi|umi-its|c3_manual|情報システム室における機密性3以上の取扱い|kaigara.m|2026-04-20|2026-05-01
    umi|umi-res|c3_manual|海洋研究部における機密性3以上の取扱い|kairyu.w|2026-04-20|2026-05-01
    umi||netdev_procedure|ネットワーク装置の実施手順|namima.j|2026-03-01|2026-03-10
    umi||infra_level|基盤ソフトウェアの水準維持手順|namima.j|2026-03-01|2026-03-10
    umi||infra_incident|基盤ソフトウェアのインシデント対処手順|namima.j|2026-03-01|2026-03-10
    umi||media_manual|外部電磁的記録媒体の利用手順|shinkai.t|2026-04-15|2026-05-01
    umi||incident_report|インシデント報告手順|shinkai.t|2026-04-15|2026-05-01
    umi||cloud_manual|クラウドサービスの選定と利用|shinkai.t|2026-04-15|2026-05-01
"""

# Offices that the list of a 機関 covers (2.1(2)④(d)), in the order in which they are called.
LISTED = ("inst_ciso", "iso", "csirt_leader", "csirt_member", "ism", "sysadmin")


def contracts():
    return gen_org.rows("institution title contractor kind confidentiality selection_criteria nda "
                        "supply_chain_checked incident_plan_heard_on last_check_on starts_on "
                        "ends_on closing_check_on info_returned", CONTRACTS)


def documents():
    table = gen_org.rows("institution unit kind title owner reviewed_on announced_on", DOCUMENTS)
    for r in table:
        r["url"] = f"https://docs.{gen_org.DOMAINS[r['institution']]}/security/{r['kind']}"
        if r["unit"]:
            r["url"] += "/" + r["unit"]
    return table


def contacts(offices, day):
    """The list of umi is whole; that of hoshi lacks its 情報システム管理者."""
    table = []
    for institution in gen_org.DOMAINS:
        order = 0
        for office in LISTED:
            held = dict.fromkeys(o["person"] for o in offices if o["office"] == office and
                                 o["institution"] == institution and
                                 o["term_from"] <= day <= o["term_to"])
            if office == "sysadmin" and institution == "hoshi":
                continue
            for person in held:
                order += 1
                table.append({
                    "institution": institution, "list_kind": "institution",
                    "contact_order": str(order), "office": office, "person": person,
                    "phone": f"00-0000-{1000 + len(table):04d}", "means": "電話",
                    "email": f"{person}@{gen_org.DOMAINS[institution]}",
                    "confirmed_on": "2026-09-15", "asset": "", "content": ""})
    return table
