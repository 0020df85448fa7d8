"""The fictional organisation: institutions, units, persons, areas, offices.

Every table is text, one row per line, cells separated by '|'; rows() turns it into dicts.
"""

TERM = ("2026-04-01", "2028-03-31")
DOMAINS = {"hoshi": "hoshi.example.ac.jp", "umi": "umi.example.ac.jp"}


def rows(columns, text):
    """Turns '|'-separated lines into dicts; short lines leave the last cells empty."""
    names = columns.split()
    out = []
    for line in text.strip().splitlines():
        cells = [c.strip() for c in line.split("|")]
        assert len(cells) <= len(names), line
        out.append(dict(zip(names, cells + [""] * (len(names) - len(cells)))))
    return out


def institutions():
    table = []
    for code, name, url, days in (
            ("hoshi", "架空天文研究所", "https://www.hoshi.example.ac.jp/security/", "30"),
            ("umi", "架空海洋研究所", "https://www.umi.example.ac.jp/report/", "90")):
        table.append({
            "code": code, "name_ja": name,
            "incident_desk_name": name + " 情報セキュリティ統一窓口",
            "incident_desk_contact": "incident@" + DOMAINS[code],
            "external_desk_name": name + " 外部通報窓口",
            "external_desk_contact": "abuse@" + DOMAINS[code],
            "external_desk_url": url,
            "support_desk": "support@" + DOMAINS[code],
            "consult_desk": "soudan@" + DOMAINS[code],
            "min_log_days_other": days,
            # the fictional 機構 has its head office there
            "head_office": "true" if code == "hoshi" else "false"})
    return table


def units():
    table = rows("code parent name_ja unit_kind desk_institution valid_from", """
        hoshi-adm||管理部|department||2004-04-01
        hoshi-its|hoshi-adm|情報基盤課|section||2015-04-01
        hoshi-gad|hoshi-adm|総務人事課|section||2004-04-01
        hoshi-obs||観測研究部|department||2004-04-01
        hoshi-tel|hoshi-obs|望遠鏡運用室|section||2010-10-01
        hoshi-lab|hoshi-obs|恒星データ研究グループ|lab||2019-04-01
        umi-adm||事務部|department||2004-04-01
        umi-its|umi-adm|情報システム室|section||2018-04-01
        umi-fin|umi-adm|財務課|section||2004-04-01
        umi-res||海洋研究部|department||2004-04-01
        umi-dep|umi-res|深海計測研究グループ|lab||2016-07-01
        umi-hlab|umi-res|衛星海洋分室|hosted_lab|hoshi|2022-04-01
    """)
    return [{"code": r["code"], "institution": r["code"].split("-")[0], "parent": r["parent"],
             "name_ja": r["name_ja"], "unit_kind": r["unit_kind"],
             "desk_institution": r["desk_institution"], "valid_from": r["valid_from"],
             "valid_to": ""} for r in table]


# login | name | kana | unit | kind (default employee) | training | left_on | moved_on
PERSONS = """
    amazorano.t|天空野 たかし|アマゾラノ タカシ|hoshi-adm|officer
    gingahara.s|銀河原 さとる|ギンガハラ サトル|hoshi-adm|officer|2026-05-20
    subaruno.k|昴野 けんじ|スバルノ ケンジ|hoshi-obs|officer|2026-05-20
    kitaboshi.y|北星沢 ゆかり|キタボシザワ ユカリ|hoshi-adm||2026-05-20
    tsukikage.m|月影森 みのる|ツキカゲモリ ミノル|hoshi-adm||2026-05-21
    suiseigawa.h|彗星川 ひろみ|スイセイガワ ヒロミ|hoshi-its||2026-06-03
    ryuseino.j|流星野 じゅん|リュウセイノ ジュン|hoshi-its||2026-06-03
    seiunda.n|星雲田 なおき|セイウンダ ナオキ|hoshi-its||2026-06-03
    wakusei.a|惑星坂 あきら|ワクセイザカ アキラ|hoshi-its||2026-06-03
    eisei.r|衛星寺 りょう|エイセイジ リョウ|hoshi-its
    kidou.w|軌道屋 わたる|キドウヤ ワタル|hoshi-its|contractor
    nichirin.c|日輪橋 ちか|ニチリンバシ チカ|hoshi-gad||2026-05-21
    asayake.f|朝焼台 ふみ|アサヤケダイ フミ|hoshi-gad
    yuuzuki.e|夕月堂 えり|ユウヅキドウ エリ|hoshi-gad
    hakucho.g|白鳥座野 ごう|ハクチョウザノ ゴウ|hoshi-obs||2026-05-21
    orihime.t|織姫谷 とも|オリヒメダニ トモ|hoshi-tel||2026-06-03
    hikoboshi.m|彦星岡 まさる|ヒコボシオカ マサル|hoshi-tel||2026-06-03
    kyoutou.d|鏡筒内 だいき|キョウトウチ ダイキ|hoshi-tel
    engai.s|円蓋山 しずか|エンガイヤマ シズカ|hoshi-tel|contractor
    kounen.y|光年寺 ゆう|コウネンジ ユウ|hoshi-lab||2026-05-21
    bunkou.i|分光台 いずみ|ブンコウダイ イズミ|hoshi-lab
    hensei.k|変星堀 かける|ヘンセイボリ カケル|hoshi-lab|student
    renseigi.o|連星木 おりえ|レンセイギ オリエ|hoshi-lab|joint_researcher
    tasogare.b|黄昏崎 ぶんた|タソガレザキ ブンタ|hoshi-tel|||2026-03-31
    shiosai.k|潮騒野 かおる|シオサイノ カオル|umi-res|officer|2026-05-27
    umibe.h|海辺里 はると|ウミベザト ハルト|umi-res
    shinkai.t|深海谷 つばさ|シンカイダニ ツバサ|umi-adm||2026-05-27
    sangomori.a|珊瑚森 あおい|サンゴモリ アオイ|umi-adm||2026-05-27
    namima.j|波間崎 じん|ナミマザキ ジン|umi-its||2026-06-10
    uminari.s|海鳴原 そら|ウミナリハラ ソラ|umi-its||2026-06-10
    kaigara.m|貝殻坂 みお|カイガラザカ ミオ|umi-its||2026-06-10
    isobue.r|磯笛田 れん|イソブエダ レン|umi-its
    toudai.n|灯台下 のぞみ|トウダイシタ ノゾミ|umi-its|contractor
    hoshizuna.e|星砂浜 えいこ|ホシズナハマ エイコ|umi-fin||2026-05-28
    uzushio.g|渦潮口 げん|ウズシオグチ ゲン|umi-fin
    nagisa.y|渚沢 ようすけ|ナギサザワ ヨウスケ|umi-fin||||2026-04-01
    kairyu.w|海流本 わかば|カイリュウモト ワカバ|umi-res||2026-05-28
    sokuryo.d|測量島 だいち|ソクリョウジマ ダイチ|umi-dep||2026-06-10
    kujira.o|鯨岩 おとは|クジライワ オトハ|umi-dep||2026-05-28
    fuyuumo.i|浮遊藻 いくみ|フユウモ イクミ|umi-dep
    kurage.p|海月堂 ぴあの|クラゲドウ ピアノ|umi-dep|student
    mangetsu.f|満潮寺 ふうか|マンチョウジ フウカ|umi-hlab||2026-05-28
    hitode.c|海星形 ちひろ|ヒトデガタ チヒロ|umi-hlab
    sasanami.u|細波橋 うみ|サザナミバシ ウミ|umi-hlab|joint_researcher
    hikishio.z|引潮瀬 ぜん|ヒキシオセ ゼン|umi-dep|||2026-06-30
    mihon.v|見本街 ゔぃおら|ミホンガイ ヴィオラ|hoshi-adm|contractor
"""


def persons():
    table = []
    for i, r in enumerate(rows("login name_ja name_kana unit person_kind training left_on moved_on",
                               PERSONS)):
        institution = r["unit"].split("-")[0]
        table.append({
            "login": r["login"], "institution": institution,
            "name_ja": r["name_ja"], "name_kana": r["name_kana"],
            "email": f"{r['login']}@{DOMAINS[institution]}",
            "phone": f"00-0000-{101 + i:04d}",
            "unit": r["unit"], "person_kind": r["person_kind"] or "employee",
            "active": "false" if r["left_on"] else "true",
            "left_on": r["left_on"], "moved_on": r["moved_on"],
            "specialised_training_on": r["training"]})
    return table


def areas():
    table = rows("code name_ja building room controlled leased entry locked by", """
        hoshi-a101|本館サーバ室|本館|B101|1||card|1|suiseigawa.h
        hoshi-a102|本館ネットワーク機械室|本館|B102|1||key|1|ryuseino.j
        hoshi-a201|管理部執務室|本館|201|1||card|1|suiseigawa.h
        hoshi-a202|人事給与室|本館|202|1||biometric|1|suiseigawa.h
        hoshi-a301|観測制御室|観測棟|301|1||card|1|orihime.t
        hoshi-a302|望遠鏡ドーム|山頂観測施設||1||key||orihime.t
        hoshi-a303|恒星データ研究室|研究棟|303|||key|1
        hoshi-a901|展示ホール|見学者センター|101|||manned
        hoshi-a902|遠隔保管区画|架空データセンター第3棟|R-12|1|1|manned|1|suiseigawa.h
        umi-b101|臨海棟サーバ室|臨海棟|101|1||card|1|namima.j
        umi-b102|事務部執務室|臨海棟|201|1||key|1|namima.j
        umi-b103|財務課執務室|臨海棟|203|1||card|1|namima.j
        umi-b201|深海計測実験室|実験棟|110|1||card|1|sokuryo.d
        umi-b202|共同研究室|実験棟|205|||key
        umi-b301|船橋電算室|調査船「架空丸」||1||key|1|sokuryo.d
        umi-b401|衛星海洋分室|架空天文研究所 研究棟|410|1|1|card|1|namima.j
        umi-b901|図書・交流室|臨海棟|102|||none
    """)
    out = []
    for i, r in enumerate(table):
        institution = r["code"].split("-")[0]
        on = bool(r["controlled"])
        out.append({
            "code": r["code"], "institution": institution, "name_ja": r["name_ja"],
            "building": r["building"], "room": r["room"],
            "is_controlled": "true" if on else "false",
            "identified_by": r["by"],
            "designated_by": {"hoshi": "kitaboshi.y", "umi": "shinkai.t"}[institution] if on
            else "",
            "designated_on": f"2026-0{4 + i % 3}-{10 + i}" if on else "",
            "leased": "true" if r["leased"] else "false", "entry_control": r["entry"],
            "lockable_storage": "true" if r["locked"] else "false", "revoked_on": ""})
    return out


# person | office | institution | unit | scope_note | powers | from | to
OFFICES = """
    gingahara.s|ciso
    kitaboshi.y|general_iso
    subaruno.k|inst_ciso|hoshi
    umibe.h|inst_ciso|umi||||2024-04-01|2026-03-31
    shiosai.k|inst_ciso|umi
    kitaboshi.y|iso|hoshi
    shinkai.t|iso|umi
    tsukikage.m|deputy_iso|hoshi|hoshi-obs|観測研究部とその下の組織|\
    area_designation;emergency_contacts;order_on_findings|2026-04-01|2027-03-31
    tsukikage.m|ism|hoshi|hoshi-adm
    seiunda.n|ism|hoshi|hoshi-its
    nichirin.c|ism|hoshi|hoshi-gad
    hakucho.g|ism|hoshi|hoshi-obs
    hikoboshi.m|ism|hoshi|hoshi-tel
    kounen.y|ism|hoshi|hoshi-lab
    sangomori.a|ism|umi|umi-adm
    kaigara.m|ism|umi|umi-its
    hoshizuna.e|ism|umi|umi-fin
    kairyu.w|ism|umi|umi-res
    kujira.o|ism|umi|umi-dep
    fuyuumo.i|ism|umi|umi-dep|||2028-04-01|2030-03-31
    mangetsu.f|ism|umi|umi-hlab
    suiseigawa.h|sysadmin|hoshi||管理部の情報システム、全所の認証・メール・ウェブ
    ryuseino.j|sysadmin|hoshi||全所のネットワーク
    orihime.t|sysadmin|hoshi|hoshi-tel|望遠鏡・観測装置の情報システム
    kounen.y|sysadmin|hoshi|hoshi-lab|恒星データ研究グループの情報システム
    namima.j|sysadmin|umi||事務部及び衛星海洋分室の情報システム、全所のネットワーク
    kaigara.m|sysadmin|umi|umi-its|仮想化基盤とバックアップ
    sokuryo.d|sysadmin|umi|umi-dep|海洋研究部の計測・解析システム
    suiseigawa.h|important_admin|hoshi
    orihime.t|important_admin|hoshi|hoshi-tel
    namima.j|important_admin|umi
    eisei.r|operator|hoshi|hoshi-its|認証・メール・ウェブの運用補助
    kidou.w|operator|hoshi|hoshi-its|端末の設定と貸出（委託）
    kyoutou.d|operator|hoshi|hoshi-tel|望遠鏡制御系の運用補助
    isobue.r|operator|umi|umi-its|端末とネットワークの運用補助
    toudai.n|operator|umi|umi-its|調査船内システムの保守（委託）
    hikishio.z|operator|umi|umi-dep|計測器の設定
    wakusei.a|qualification_checker|hoshi
    kairyu.w|qualification_checker|umi
    wakusei.a|csirt_leader|hoshi
    seiunda.n|csirt_member|hoshi
    bunkou.i|csirt_member|hoshi
    uminari.s|csirt_leader|umi
    isobue.r|csirt_member|umi
    hitode.c|csirt_member|umi
    wakusei.a|general_csirt_leader
    subaruno.k|committee_member
    shiosai.k|committee_member
    kitaboshi.y|committee_member
    subaruno.k|inst_committee_member|hoshi
    kitaboshi.y|inst_committee_member|hoshi
    hakucho.g|inst_committee_member|hoshi
    shiosai.k|inst_committee_member|umi
    shinkai.t|inst_committee_member|umi
    sangomori.a|audit_chief|hoshi
    uzushio.g|auditor|hoshi
    asayake.f|audit_chief|umi
    yuuzuki.e|auditor|umi
    mihon.v|advisor|hoshi
    mihon.v|advisor|umi
    yuuzuki.e|incident_desk|hoshi
    nagisa.y|incident_desk|umi
    asayake.f|external_desk|hoshi
    uzushio.g|external_desk|umi
    asayake.f|corporate_desk
    kounen.y|research_lead|hoshi|hoshi-lab
    kujira.o|research_lead|umi|umi-dep
    ryuseino.j|zta_lead|hoshi
    kaigara.m|zta_lead|umi
    amazorano.t|staff|hoshi
    bunkou.i|staff|hoshi|hoshi-lab
    hensei.k|staff|hoshi|hoshi-lab
    renseigi.o|staff|hoshi|hoshi-lab
    engai.s|staff|hoshi|hoshi-tel
    umibe.h|staff|umi|umi-res
    kurage.p|staff|umi|umi-dep
    sasanami.u|staff|umi|umi-hlab
    eisei.r|registry_admin|hoshi
    isobue.r|registry_admin|umi
"""

# 所掌範囲 of deputies: these units with all below them
RANGES = {"tsukikage.m": "hoshi-obs"}
ISO = {"hoshi": "kitaboshi.y", "umi": "shinkai.t"}
CISO = {"hoshi": "subaruno.k", "umi": "shiosai.k"}
BY_CORPORATE = {"ciso": "amazorano.t"}


def appointer(office, institution):
    """Who appoints to an office: the corporate CISO, the 機関CISO or the ISO."""
    if office in BY_CORPORATE:
        return BY_CORPORATE[office]
    if not institution or office in ("inst_ciso", "audit_chief", "auditor", "advisor"):
        return "gingahara.s"
    if office in ("ism", "operator", "staff", "registry_admin"):
        return ISO[institution]
    return CISO[institution]


def offices():
    table = rows("person office institution unit scope_note delegable_powers term_from term_to",
                 OFFICES)
    for i, r in enumerate(table):
        r["term_from"] = r["term_from"] or TERM[0]
        r["term_to"] = r["term_to"] or TERM[1]
        r["appointed_by"] = appointer(r["office"], r["institution"])
        r["range_units"] = RANGES.get(r["person"], "") if r["office"] == "deputy_iso" else ""
        r["basis_note"] = f"架空発令 {r['term_from'][:4]}-{101 + i:03d}"
    return table
