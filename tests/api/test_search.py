"""q=: Japanese substrings of one character and more, folded, and from two on by the index."""
import json
import re

from harness import Case

MARK = "検索試験"
NAMES = ["髙﨑サーバ", "高崎サーバ", "ｻｰﾊﾞ室のNAS", "ファイルサーバー２号", "ふぁいるさーばー",
         "濱邊研究室プリンタ", "浜辺の計測器", "Web-Server_01", "ＷＥＢ－ＳＥＲＶＥＲ", "100%稼働",
         "斎藤 一郎のPC", "齋藤一郎のＰＣ", "データ〜ベース", "データ～ベース", "a'b\"c\\d", "渡邉",
         "𠮷野家端末", "㈱甲社製ルータ", "ｶﾞｽ検知", "がす検知", "X線回折装置", "名前 が 離れ た"]


class Search(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        done = cls.writer.table("assets", [{"name": n, "note": MARK} for n in NAMES],
                                {"state": "draft"})
        if done.status != 200:
            raise AssertionError(done)

    def found(self, q):
        rows = self.writer.walk("/api/v1/assets", {"q": q, "note": MARK})
        return sorted(r["name"] for r in rows)

    def finds(self, q, *names):
        self.assertEqual(self.found(q), sorted(names), q)

    def test_one_character(self):
        self.finds("髙", "髙﨑サーバ", "高崎サーバ")
        self.finds("%", "100%稼働")
        self.finds("𠮷", "𠮷野家端末")
        self.finds("鬱")

    def test_two_characters(self):
        self.finds("回折", "X線回折装置")
        self.finds("野家", "𠮷野家端末")
        self.finds("甲社", "㈱甲社製ルータ")
        self.finds("折回")

    def test_three_and_more(self):
        self.finds("線回折", "X線回折装置")
        self.finds("計測器", "浜辺の計測器")
        self.finds("X線回折装置", "X線回折装置")
        self.finds("X線回折装置の")

    def test_variants_of_characters(self):
        for q in ("髙﨑", "高崎", "髙崎", "高﨑"):
            self.finds(q, "髙﨑サーバ", "高崎サーバ")
        for q in ("斎藤", "齋藤", "斉藤"):
            self.finds(q, "斎藤 一郎のPC", "齋藤一郎のＰＣ")
        for q in ("濱邊", "浜辺", "濵邉"):
            self.finds(q, "濱邊研究室プリンタ", "浜辺の計測器")

    def test_kana_and_width(self):
        servers = ["髙﨑サーバ", "高崎サーバ", "ｻｰﾊﾞ室のNAS", "ファイルサーバー２号", "ふぁいるさーばー"]
        for q in ("サーバ", "さーば", "ｻｰﾊﾞ", "サ-バ", "サ〜バ"):
            self.finds(q, *servers)
        for q in ("ガス", "がす", "ｶﾞｽ"):
            self.finds(q, "ｶﾞｽ検知", "がす検知")
        for q in ("web", "WEB", "ｗｅｂ"):
            self.finds(q, "Web-Server_01", "ＷＥＢ－ＳＥＲＶＥＲ")
        for q in ("２号", "2号"):
            self.finds(q, "ファイルサーバー２号")
        for q in ("データ〜ベース", "データ～ベース", "データーベース"):
            self.finds(q, "データ〜ベース", "データ～ベース")
        self.finds("ハス")

    def test_words(self):
        """Each word must be there; spaces inside a name do not matter."""
        self.finds("一郎 斎藤", "斎藤 一郎のPC", "齋藤一郎のＰＣ")
        self.finds("一郎　PC", "斎藤 一郎のPC", "齋藤一郎のＰＣ")
        self.finds("斎藤一郎", "斎藤 一郎のPC", "齋藤一郎のＰＣ")
        self.finds("一郎 計測器")
        self.finds("名前が離れた", "名前 が 離れ た")

    def test_signs_stand_for_themselves(self):
        self.finds("100%", "100%稼働")
        self.finds("1%稼")
        self.finds("r_01", "Web-Server_01")
        self.finds("'b\"", "a'b\"c\\d")
        self.finds("c\\d", "a'b\"c\\d")
        self.finds("\\d", "a'b\"c\\d")

    def test_no_match_across_columns(self):
        self.create(name="境目あ", note=MARK, maker="う境目")
        self.finds("あう")
        self.finds("目あ", "境目あ")

    def test_other_columns(self):
        row, _ = self.create(name="列の試験", note=MARK, hostname=["kensaku.example.jp"],
                             ip_addrs=["192.0.2.77"], serial_no="KS-777", maker="列社",
                             mac_addrs=["00:00:5e:00:53:77"])
        for q in ("kensaku", "192.0.2.77", "KS-777", "列社", "53:77", row["asset_no"]):
            self.finds(q, "列の試験")

    def test_searches_that_are_none(self):
        for q, code in (("", "empty"), (" ", "empty"), ("　", "empty"),
                        (" ".join("abcdefghi"), "too_many")):
            a = self.writer.get("/api/v1/assets", {"q": q})
            self.refused(a, 400, "bad_query", [code])
            self.fault(a, code, pointer="?q")
        self.ok(self.writer.get("/api/v1/assets", {"q": " ".join("abcdefgh")}))
        for ledger in ("asset-users", "offices"):
            a = self.everywhere.get("/api/v1/" + ledger, {"q": "ab"})
            self.refused(a, 400, "bad_query", ["not_searchable"])
        self.ok(self.writer.get("/api/v1/assets", {"q": "x" * 2000}))

    def test_other_lists(self):
        for ledger, q, key in (("media", "USB", "media_no"), ("persons", "彗星", "login"),
                               ("persons", "すいせい", "login"), ("units", "基盤", "code"),
                               ("areas", "サーバ", "code"), ("institutions", "天文", "code")):
            a = self.ok(self.writer.get("/api/v1/" + ledger, {"q": q}))
            self.assertTrue(a.json["items"], (ledger, q))
            self.assertEqual(self.writer.get("/api/v1/" + ledger, {"q": "無い物"}).json["items"], [])
        self.assertEqual(self.writer.get("/api/v1/persons", {"q": "namima"}).json["items"], [],
                         "a person of another 機関")


class Index(Case):
    """Plans on a table with enough rows, in a transaction that is rolled back."""
    SETUP = """BEGIN; SET LOCAL session_replication_role = replica;
    INSERT INTO asset (institution, name, note, hostname, users_text)
    SELECT 'hoshi', (ARRAY['観測','解析','計算','保管','共有'])[mod(i, 5) + 1] ||
        (ARRAY['サーバ','端末','装置','網','台帳'])[mod(i / 5, 5) + 1] || ' ' || i ||
        CASE WHEN mod(i, 1000) = 7 THEN ' 珊瑚' ELSE '' END, '索引の試験',
        ARRAY['h' || i || '.example.jp'], '研究室 ' || mod(i, 97)
    FROM generate_series(1, 20000) i;
    DO $$ BEGIN PERFORM gin_clean_pending_list('asset_search'); END $$; ANALYZE asset;
    PREPARE search(text[], text) AS SELECT * FROM asset WHERE institution = ANY($1)
        AND search LIKE search_like($2) ORDER BY asset.asset_no LIMIT 51;
    PREPARE plain(text[], text) AS SELECT * FROM asset WHERE institution = ANY($1)
        AND name = $2 ORDER BY asset.asset_no LIMIT 51;
    """
    ASKED = [(q, mode) for q in ("珊瑚", "珊瑚礁", "h777") for mode in
             ("force_custom_plan", "force_generic_plan")]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        explain = "EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) EXECUTE %s('{hoshi}', '%s');"
        sql = cls.SETUP
        for q, mode in cls.ASKED:
            sql += "SET LOCAL plan_cache_mode = %s;" % mode + explain % ("search", q)
        sql += explain % ("plain", "珊瑚") + "ROLLBACK;"
        text = "\n".join(line[0] for line in cls.daemon.psql(sql))
        plans = [json.loads("[\n" + part)[0] for part in re.split(r"^\[\n", text, flags=re.M)[1:]]
        cls.plans = [list(nodes(p["Plan"])) for p in plans]

    def test_two_characters_use_the_index(self):
        for (q, mode), plan in zip(self.ASKED, self.plans):
            with self.subTest(q, mode=mode):
                used = [n for n in plan if n.get("Index Name") == "asset_search"]
                self.assertTrue(used, "no asset_search in the plan: %r" % plan)
                self.assertLessEqual(used[0]["Actual Rows"], 400, "the index hardly narrows")

    def test_without_search_no_search_index(self):
        self.assertEqual(len(self.plans), len(self.ASKED) + 1)
        self.assertFalse([n for n in self.plans[-1] if n.get("Index Name") == "asset_search"])


def nodes(plan):
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)
