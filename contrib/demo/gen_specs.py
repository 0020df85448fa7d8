"""What the ledgers of the fictional organisation hold, as text tables.

ASSETS: type | name (a '*n' behind it makes n numbered rows) | unit | kind of information |
functions | what it holds | other columns as column=value.  MEDIA: medium kind | name | unit |
kind of information | what it holds | other columns.  The FAULTS spoil finished rows on
purpose; the codes beside them are what the rules must find there, no more and no less.
"""

# kind of information: 機密性, basis, 個人情報, 特定個人情報, default text
KINDS = {
    "pub": ("1", "c1_published", "false", "false", "公表済みの広報資料・論文"),
    "pubp": ("1", "c1_published", "true", "false", "公表済みの研究者名簿と業績一覧"),
    "open": ("1", "c1_publishable", "false", "false", "公表して差し支えない運用記録"),
    "int": ("2", "c2_internal", "false", "false", "所内限りの業務資料"),
    "harm": ("2", "c2_harm", "false", "false", "漏えいすると業務に支障のある設定情報"),
    "res": ("2", "c2_research", "false", "false", "解析途中の研究データ"),
    "cons": ("2", "c2_personal_consented", "true", "false", "本人が承諾した共同利用者の連絡先"),
    "per": ("3", "c3_personal", "true", "false", "職員・利用者の個人情報"),
    "man": ("3", "c3_management", "false", "false", "運営に関わる未公開の会議資料"),
    "gov": ("3", "c3_government", "false", "false", "国から限定して示された観測計画資料"),
    "unp": ("3", "c3_unpublished", "false", "false", "公表前の観測データと論文原稿"),
    "myn": ("4", "c4_my_number", "true", "true", "給与・報酬の支払に係る特定個人情報"),
    "sec": ("4", "c4_national_security", "false", "false", "国の安全保障にかかわる測位情報"),
}

ASSETS = """
information_system|望遠鏡制御システム|hoshi-tel|harm||望遠鏡・ドームの制御と運転記録|availability=3 bcp_critical=true
information_system|観測データアーカイブシステム|hoshi-obs|unp||公表前を含む観測データと較正データ|availability=2
information_system|人事給与システム|hoshi-gad|myn|||net_zone=isolated availability=2 bcp_critical=true
information_system|勤怠管理システム|hoshi-gad|per||職員の出退勤と休暇の記録|
information_system|電子メールシステム|hoshi-its|per||職員の電子メールと宛先|availability=3 bcp_critical=true
information_system|認証基盤システム|hoshi-its|per||利用者の識別コードと認証情報|availability=3 bcp_critical=true
information_system|共同利用申請システム|hoshi-obs|per||観測提案書と申請者の連絡先|
information_system|図書管理システム|hoshi-adm|cons||蔵書目録と貸出記録|
information_system|星表解析計算機システム|hoshi-lab|res|||
information_system|財務会計システム|umi-fin|man||予算・契約・支払の記録|availability=2 bcp_critical=true
information_system|海洋研究所給与システム|umi-fin|myn|||net_zone=isolated availability=2
information_system|船舶運航管理システム|umi-res|harm||調査船の運航計画と位置|availability=3
information_system|海洋観測データベースシステム|umi-res|unp|||availability=2
information_system|電子メール・グループウェアシステム|umi-its|per||職員の電子メールと予定|availability=3
information_system|試料管理システム|umi-dep|res||採取試料の台帳と分析値|
server|望遠鏡制御サーバ*2|hoshi-tel|harm|experiment|望遠鏡の制御系の設定と運転記録|availability=3 !manual
server|ドーム開閉制御サーバ|hoshi-tel|harm|experiment||net_zone=isolated availability=2
server|観測装置データ収集サーバ*3|hoshi-tel|unp|experiment;file||availability=2
server|気象監視サーバ|hoshi-tel|open|experiment|山頂の気温・湿度・風速|
server|遠隔観測ゲートウェイサーバ|hoshi-tel|harm|gateway;vpn|遠隔観測者の接続記録|net_zone=dmz internet_inbound=true \
    remote_access=both remote_auth=mfa
server|観測データアーカイブサーバ*2|hoshi-obs|unp|database;file||availability=2
server|研究データ公開ウェブサーバ|hoshi-obs|pub|web|公開済みの観測データと目録|net_zone=dmz external_public=true \
    availability=2
server|共同利用申請ウェブサーバ|hoshi-obs|per|web;database|観測提案書と申請者の連絡先|net_zone=dmz external_public=true
server|人事給与データベースサーバ|hoshi-gad|myn|database||net_zone=isolated availability=2
server|勤怠管理サーバ|hoshi-gad|per|web;database|職員の出退勤と休暇の記録|embodiment=virtual
server|電子メールサーバ|hoshi-its|per|mail|職員の電子メール|net_zone=dmz internet_inbound=true \
    external_public=true availability=3
server|迷惑メール検査サーバ|hoshi-its|per|mail|通過する電子メールと検査記録|net_zone=dmz internet_inbound=true \
    embodiment=virtual
server|認証サーバ*2|hoshi-its|per|auth|利用者の識別コードと認証情報|availability=3
server|公式ウェブサーバ|hoshi-its|pub|web|研究所の公式サイト|net_zone=dmz external_public=true availability=2 \
    embodiment=virtual
server|DNSコンテンツサーバ*2|hoshi-its|open|dns_content|公開ゾーン情報|net_zone=dmz external_public=true \
    availability=3
server|DNSキャッシュサーバ*2|hoshi-its|int|dns_cache|名前解決の記録|embodiment=virtual availability=2
server|ログ集約サーバ|hoshi-its|man|log|各サーバの操作・通信記録|log_related_to_important=true availability=2
server|仮想化基盤ホスト*3|hoshi-its|per|virtualization|仮想サーバのディスク|availability=2
server|バックアップサーバ|hoshi-its|per|backup|各サーバのバックアップ|availability=2 location_area=hoshi-a902
server|図書管理サーバ|hoshi-adm|cons|web;database|蔵書目録と貸出記録|embodiment=virtual
server|文書管理サーバ|hoshi-adm|man|file|運営会議の資料|embodiment=virtual
server|研究用計算ノード*8|hoshi-lab|res|compute||internal_media_encryption=no_media
server|恒星データ解析サーバ*2|hoshi-lab|unp|compute;file||
server|天体画像分類デモサーバ|hoshi-lab|open|web|展示用の分類結果|embodiment=iaas net_zone=cloud external_public=true
server|財務会計サーバ|umi-fin|man|database|予算・契約・支払の記録|supply_chain_checked=true availability=2
server|給与データベースサーバ|umi-fin|myn|database||net_zone=isolated availability=2
server|船舶運航管理サーバ|umi-res|harm|database;web|調査船の運航計画と位置|availability=3
server|海洋観測データベースサーバ|umi-res|unp|database||availability=2
server|海況公開ウェブサーバ|umi-res|pub|web|公開済みの水温・潮流図|net_zone=dmz external_public=true availability=2
server|船内データ収集サーバ*2|umi-dep|res|experiment;file|航海中の観測データ|net_zone=isolated
server|深海映像配信サーバ|umi-dep|open|web|公開用の潜航映像|net_zone=dmz external_public=true
server|海底地形解析サーバ*2|umi-dep|sec|compute|未公表の精密海底地形|net_zone=standalone
server|海洋研究所メールサーバ|umi-its|per|mail|職員の電子メール|net_zone=dmz internet_inbound=true \
    external_public=true availability=3
server|海洋研究所認証サーバ|umi-its|per|auth|利用者の識別コードと認証情報|availability=3
server|海洋研究所公式ウェブサーバ|umi-its|pub|web|研究所の公式サイト|net_zone=dmz external_public=true embodiment=iaas \
    availability=2
server|DNSサーバ|umi-its|open|dns_content;dns_cache|公開ゾーン情報|net_zone=dmz external_public=true
server|仮想化ホスト*2|umi-its|per|virtualization|仮想サーバのディスク|availability=2
server|衛星画像処理サーバ|umi-hlab|res|compute;file|受信した衛星画像|
server|時刻同期サーバ|hoshi-its|open|other|時刻の配信記録|embodiment=virtual
server|機器監視サーバ|hoshi-its|harm|log|機器の状態と警報の記録|supply_chain_checked=true
server|印刷サーバ|hoshi-adm|int|other|印刷待ちの文書|embodiment=virtual
server|研究会受付ウェブサーバ|hoshi-obs|cons|web|承諾を得た参加者の連絡先|net_zone=dmz external_public=true
server|海洋研究所監視サーバ|umi-its|harm|log|機器の状態と警報の記録|embodiment=virtual
server|試料データベースサーバ|umi-dep|res|database|採取試料の台帳と分析値|availability=2
terminal|事務用ノートPC*12|hoshi-adm|int|||
terminal|給与計算端末*2|hoshi-gad|myn|||net_zone=isolated
terminal|人事事務端末*3|hoshi-gad|per|||
terminal|システム管理用端末*3|hoshi-its|harm||管理者の認証情報と構成図|
terminal|貸出用ノートPC*4|hoshi-its|int|||remote_access=user remote_auth=mfa
terminal|観測制御卓端末*4|hoshi-tel|harm||望遠鏡の操作記録|
terminal|山頂作業用タブレット*2|hoshi-tel|int||点検票と手順書|
terminal|観測研究部ノートPC*8|hoshi-obs|res|||remote_access=user remote_auth=mfa
terminal|データ解析ワークステーション*4|hoshi-lab|unp|||
terminal|展示ホール案内端末*2|hoshi-adm|open||来館者向けの案内|net_zone=isolated location_area=hoshi-a901
terminal|事務部ノートPC*9|umi-adm|int|||
terminal|財務事務端末*3|umi-fin|man||予算・契約の作業資料|
terminal|海洋研究所給与計算端末|umi-fin|myn|||net_zone=isolated
terminal|保守用ノートPC*2|umi-its|harm||管理者の認証情報と構成図|
terminal|海洋研究部ノートPC*7|umi-res|res|||remote_access=user remote_auth=mfa
terminal|船上観測用堅牢ノートPC*3|umi-dep|res||航海中の観測データ|net_zone=isolated
terminal|海底地形編集端末|umi-dep|sec||未公表の精密海底地形|net_zone=standalone
terminal|映像編集ワークステーション|umi-dep|unp||公表前の潜航映像|
terminal|衛星海洋分室ノートPC*2|umi-hlab|res|||remote_access=user remote_auth=mfa
terminal|個人所有ノートPC（届出分）|hoshi-lab|int|||provision=non_issued
nas|共用NAS*2|hoshi-adm|int||所内限りの業務資料|availability=2
nas|人事課NAS|hoshi-gad|per||人事記録の写し|availability=2
nas|観測速報NAS*2|hoshi-tel|res||観測直後の画像|availability=2
nas|観測研究部共有NAS*2|hoshi-obs|unp|||availability=2
nas|恒星データNAS*2|hoshi-lab|unp|||availability=2
nas|広報写真NAS|hoshi-adm|open||公開用の天体写真|
nas|事務部共有NAS|umi-adm|int|||availability=2
nas|財務課NAS|umi-fin|man||契約書と予算資料|availability=2
nas|航海データNAS*2|umi-dep|res||航海ごとの観測データ|availability=2
nas|海洋研究部NAS*2|umi-res|unp|||availability=2
nas|衛星画像NAS|umi-hlab|res||受信した衛星画像|availability=2
mfp|管理部複合機*3|hoshi-adm|int||複写・印刷した業務文書|
mfp|人事課複合機|hoshi-gad|per||複写・印刷した人事文書|
mfp|観測棟複合機|hoshi-tel|int||複写・印刷した手順書|
mfp|研究棟複合機*2|hoshi-obs|res||印刷した論文原稿|
mfp|事務部複合機|umi-adm|int||複写・印刷した業務文書|
mfp|財務課複合機|umi-fin|man||複写・印刷した契約書|
mfp|実験棟複合機|umi-res|int||印刷した実験手順書|
mfp|見学者センター複合機|hoshi-adm|open||配布資料の印刷|location_area=hoshi-a901
mfp|衛星海洋分室複合機|umi-hlab|int||印刷した手順書|
special_device|望遠鏡架台コントローラ*2|hoshi-tel|harm||架台の駆動設定|net_zone=isolated
special_device|分光器冷却制御装置|hoshi-tel|open||冷却温度の記録|net_zone=isolated
special_device|全天カメラ*2|hoshi-tel|open||夜空の画像|
special_device|入退室管理装置|hoshi-adm|per||入退室の記録|net_zone=isolated
special_device|会議室テレビ会議装置*3|hoshi-adm|int||会議の映像・音声|
special_device|サーバ室監視カメラ*3|hoshi-its|harm||サーバ室の映像|net_zone=isolated
special_device|CTD計測装置*2|umi-dep|res||塩分・水温・深度|net_zone=standalone
special_device|深海カメラ制御装置|umi-dep|unp||公表前の潜航映像|net_zone=standalone
special_device|音響測深機|umi-dep|sec||未公表の精密海底地形|net_zone=standalone
special_device|潮位計ゲートウェイ*2|umi-res|open||潮位の実測値|
special_device|監視カメラ録画装置|umi-adm|per||構内の映像|net_zone=isolated
special_device|衛星受信アンテナ制御装置|umi-hlab|harm||受信計画と追尾設定|
special_device|流速計*2|umi-dep|open||潮流の実測値|net_zone=standalone
special_device|展示ホール案内表示盤|hoshi-adm|pub||来館者向けの案内|location_area=hoshi-a901
network|所内基幹ネットワーク|hoshi-its|harm||機器の接続構成|availability=2
network|公開セグメント|hoshi-its|harm||公開サーバの接続構成|net_zone=dmz internet_inbound=true availability=2
network|望遠鏡制御ネットワーク|hoshi-tel|harm||制御系の接続構成|net_zone=isolated availability=3
network|給与系独立ネットワーク|hoshi-gad|harm||給与系の接続構成|net_zone=isolated
network|来訪者用ネットワーク|hoshi-its|open||来訪者の接続|net_zone=external
network|海洋研究所基幹ネットワーク|umi-its|harm||機器の接続構成|availability=2
network|海洋研究所公開セグメント|umi-its|harm||公開サーバの接続構成|net_zone=dmz internet_inbound=true
network|船内ネットワーク|umi-dep|harm||船内機器の接続構成|net_zone=isolated
network|図書・交流室ネットワーク|umi-its|open||来訪者の接続|net_zone=external
network|仮想化管理ネットワーク|hoshi-its|harm||管理系の接続構成|net_zone=isolated
network_device|対外接続ルータ*2|hoshi-its|harm|gateway|経路とアクセス制御の設定|important_manual=false net_zone=dmz \
    internet_inbound=true availability=3
network_device|ファイアウォール*2|hoshi-its|harm|gateway|通信記録とアクセス制御の設定|net_zone=dmz \
    internet_inbound=true availability=3
network_device|コアスイッチ*2|hoshi-its|harm|other|機器の設定|availability=2 location_area=hoshi-a102
network_device|フロアスイッチ*8|hoshi-its|harm|other|機器の設定|
network_device|VPN装置|hoshi-its|harm|vpn|接続利用者の一覧と設定|dynamic_access_control=true net_zone=dmz \
    internet_inbound=true remote_access=both remote_auth=mfa
network_device|ドーム内スイッチ|hoshi-tel|harm|other|機器の設定|net_zone=isolated
network_device|海洋研究所対外接続ルータ|umi-its|harm|gateway|経路とアクセス制御の設定|net_zone=dmz internet_inbound=true \
    availability=3
network_device|海洋研究所ファイアウォール|umi-its|harm|gateway;vpn|通信記録とアクセス制御の設定|net_zone=dmz \
    internet_inbound=true remote_access=user remote_auth=mfa
network_device|臨海棟スイッチ*4|umi-its|harm|other|機器の設定|
network_device|船内スイッチ|umi-dep|harm|other|機器の設定|net_zone=isolated
wireless_lan|職員用無線LAN|hoshi-its|int||接続端末の一覧|dynamic_access_control=true
wireless_lan|来訪者用無線LAN|hoshi-its|open||接続端末の一覧|net_zone=external
wireless_lan|観測棟無線LAN|hoshi-tel|int||接続端末の一覧|
wireless_lan|臨海棟無線LAN*2|umi-its|int||接続端末の一覧|
wireless_lan|船内無線LAN|umi-dep|int||接続端末の一覧|net_zone=isolated
wireless_lan|図書・交流室無線LAN|umi-its|open||接続端末の一覧|net_zone=external location_area=umi-b901
wireless_lan|研究棟無線LAN|hoshi-lab|int||接続端末の一覧|
cloud_service|教職員用グループウェア|hoshi-its|per||電子メール・予定・共有文書|cloud_core_service=true availability=2
cloud_service|観測データ共有ストレージ|hoshi-obs|res||共同研究者と共有する解析データ|cloud_external_share=true
cloud_service|オンライン会議サービス|hoshi-its|int||会議の録画と参加者名|
cloud_service|公開講座申込フォーム|hoshi-adm|per||申込者の氏名と連絡先|
cloud_service|ソースコード管理サービス|hoshi-lab|res||解析プログラム|cloud_external_share=true
cloud_service|計算基盤クラウド|hoshi-lab|res||解析用の仮想サーバ群|cloud_service_model=iaas
cloud_service|安否確認サービス|hoshi-gad|per||職員の緊急連絡先|availability=3 cloud_service_model=saas
cloud_service|海洋研究所グループウェア|umi-its|per||電子メール・予定・共有文書|cloud_core_service=true availability=2
cloud_service|電子契約サービス|umi-fin|man||契約書|
cloud_service|海洋観測データ共有サービス|umi-res|res||共同航海の観測データ|cloud_external_share=true
cloud_service|航海計画共有サービス|umi-dep|int||航海計画と乗船者の割当|cloud_service_model=paas
cloud_service|アンケートサービス|umi-adm|cons||承諾を得た参加者の回答|
cloud_service|文献管理サービス|hoshi-lab|int||文献の書誌と注釈|
cloud_service|映像公開サービス|umi-dep|pub||公開済みの潜航映像|external_public=true
cloud_service|遠隔バックアップサービス|umi-its|man||暗号化したバックアップ|availability=2
application|観測提案審査ウェブアプリケーション|hoshi-obs|per||提案書と審査結果|
application|星表検索ウェブサイト|hoshi-obs|pub||公開済みの星表|net_zone=dmz external_public=true
application|研究者一覧ページ|hoshi-adm|pubp|||net_zone=dmz external_public=true
application|望遠鏡運転計画アプリケーション|hoshi-tel|int||観測日程|
application|画像分類プログラム|hoshi-lab|res||学習用の画像と係数|
application|所内掲示板|hoshi-adm|int||所内のお知らせ|
application|海況図閲覧サイト|umi-res|pub||公開済みの海況図|net_zone=dmz external_public=true
application|研究者業績一覧ページ|umi-adm|pubp|||net_zone=dmz external_public=true
application|試料検索アプリケーション|umi-dep|res||採取試料の台帳|
application|旅費精算アプリケーション|umi-fin|per||職員の旅費と口座|
application|観測速報ページ|hoshi-tel|pub||公開済みの速報画像|net_zone=dmz external_public=true
application|軌道計算プログラム|hoshi-obs|int||計算条件と結果|
application|物品請求アプリケーション|hoshi-adm|int||物品の請求記録|
application|潮流予測プログラム|umi-res|unp||公表前の予測結果|
infra_software|仮想化管理ソフトウェア|hoshi-its|harm||仮想サーバの構成と管理者権限|
infra_software|端末管理ソフトウェア|hoshi-its|harm||端末の構成と利用者|
infra_software|統合認証管理ソフトウェア|hoshi-its|per||利用者の識別コードと属性|
infra_software|ログ分析ソフトウェア|hoshi-its|man||各サーバの操作・通信記録|
infra_software|構成管理ソフトウェア|umi-its|harm||サーバの構成と管理者権限|
infra_software|バックアップ管理ソフトウェア|umi-its|harm||保存計画と管理者権限|
infra_software|ネットワーク管理ソフトウェア|hoshi-its|harm||機器の構成と管理者権限|
social_media|研究所公式アカウント*2|hoshi-adm|pub||研究所からのお知らせ|
social_media|望遠鏡運用室アカウント|hoshi-tel|pub||観測状況のお知らせ|
social_media|海洋研究所公式アカウント|umi-adm|pub||研究所からのお知らせ|
social_media|調査船アカウント|umi-dep|pub||航海の様子|
facility|サーバ室空調設備|hoshi-its|open||温度・湿度の記録|net_zone=isolated availability=2
facility|無停電電源装置*2|hoshi-its|open||電源の状態記録|net_zone=isolated availability=2
facility|非常用発電設備|hoshi-adm|open||運転記録|net_zone=standalone
facility|臨海棟サーバ室空調設備|umi-its|open||温度・湿度の記録|net_zone=isolated
facility|臨海棟無停電電源装置|umi-its|open||電源の状態記録|net_zone=isolated
facility|船橋電算室空調設備|umi-dep|open||温度・湿度の記録|net_zone=isolated
facility|ドーム駆動電源設備|hoshi-tel|open||電源の状態記録|net_zone=isolated
system_document|基幹ネットワーク構成図（紙）|hoshi-its|harm||機器の接続構成|
system_document|人事給与システム設計書（紙）|hoshi-gad|man||システムの設計と権限|
system_document|望遠鏡制御システム保守手順書（紙）|hoshi-tel|harm||制御系の手順|
system_document|財務会計システム設計書（紙）|umi-fin|man||システムの設計と権限|
system_document|船舶運航管理システム操作手順書（紙）|umi-res|int||操作の手順|
system_document|認証基盤運用手順書（紙）|hoshi-its|harm||認証基盤の手順|
system_document|緊急連絡網控え（紙）|hoshi-adm|per||職員の緊急連絡先|
system_document|海洋研究所ネットワーク構成図（紙）|umi-its|harm||機器の接続構成|
"""

# Words that stand for several columns.
WORDS = {
    "!place": "location_text= location_area=",
    "!rating": "confidentiality= confidentiality_basis=",
    "!keys": "encryption_method= encryption_cryptrec= key_custodian= key_backup=",
    "!nodb": "db_dbms= db_admin_accounts_managed= db_access_attributable= db_misuse_detection= "
             "db_vuln_measure= db_data_encrypted=",
    "!manual": "important_manual=true important_manual_reason=停止すると全観測が止まるため",
}

# name | codes that must be found | columns spoilt (column= empties it)
ASSET_FAULTS = """
観測研究部ノートPC 06|REG-01|name=
貸出用ノートPC 04|REG-02|!place
公開講座申込フォーム|REG-02|!place
船上観測用堅牢ノートPC 03|REG-02|!place
潮位計ゲートウェイ 02|REG-03|asset_type=
全天カメラ 02|REG-03|asset_type=
データ解析ワークステーション 04|REG-04|confidentiality_basis=
海洋研究部NAS 02|REG-04|confidentiality_basis=
文書管理サーバ|REG-04|!rating
図書管理サーバ|REG-05 CLS-05|has_personal_info=
サーバ室監視カメラ 02|REG-05|has_personal_info=
旅費精算アプリケーション|REG-06|has_my_number=
監視カメラ録画装置|REG-06|has_my_number=
仮想化ホスト 02|REG-07|internal_media_encryption=
事務用ノートPC 08|REG-07|internal_media_encryption=
事務用ノートPC 05|REG-08|users_text=
観測制御卓端末 04|REG-08|users_text=
実験棟複合機|REG-08|users_text=
研究用計算ノード 06|REG-09|sysadmin=
臨海棟無線LAN 02|REG-09|sysadmin=
広報写真NAS|REG-12|internal_media_encryption=no_media
航海データNAS 02|REG-12|internal_media_encryption=no_media
衛星海洋分室ノートPC 02|REG-17|unit=
フロアスイッチ 06|REG-17|unit=
給与計算端末 02|CLS-01|confidentiality=3 confidentiality_basis=c3_personal
安否確認サービス|CLS-01|has_my_number=true
アンケートサービス|CLS-02|personal_info_consent=
入退室管理装置|CLS-02 CLS-04|confidentiality=2
共同利用申請システム|CLS-02|confidentiality=2 confidentiality_basis=c2_internal
研究者業績一覧ページ|CLS-03|personal_info_published=false
研究所公式アカウント 01|CLS-03|has_personal_info=true
海洋観測データベースシステム|CLS-04|confidentiality=2
海底地形編集端末|CLS-04|confidentiality=3
人事事務端末 03|CLS-05|has_personal_info=false
仮想化基盤ホスト 03|CLS-05|has_personal_info=false
人事給与データベースサーバ|CLS-06|has_personal_info=false
船内データ収集サーバ 02|REG-02 REG-04 REG-07 REG-08|!place !rating internal_media_encryption= users_text=
CTD計測装置 02|REG-07 REG-08 REG-09|internal_media_encryption= users_text= sysadmin= maker= model= \
    serial_no=
"""

# name | codes of findings | columns: these can be registered, and are then shown as findings
ASSET_FINDINGS = """
恒星データ解析サーバ 02|CRY-01|internal_media_encryption=none !keys
人事事務端末 02|CRY-01|internal_media_encryption=none !keys
観測制御卓端末 03|REG-11|internal_media_encryption=unknown !keys
CTD計測装置 01|REG-11|internal_media_encryption=unknown !keys
望遠鏡架台コントローラ 02|REG-14 REG-15|sysadmin=tasogare.b
海底地形解析サーバ 02|REG-14 REG-15|sysadmin=hikishio.z
勤怠管理サーバ|REG-16|security_requirements=
ドーム開閉制御サーバ|VUL-02 VUL-03|os_name=CentOS os_version=7 os_support_until=2024-06-30 vuln_state=open \
    vuln_plan=
分光器冷却制御装置|REG-18|hostname= ip_addrs= mac_addrs=
海洋研究部NAS 01|NAS-03|nas_anonymous_access=true
衛星画像NAS|NAS-01|internal_media_encryption=none !keys nas_data_encrypted=false nas_key_storage=
ソースコード管理サービス|CLD-04|cloud_share_limited=false
海洋研究部ノートPC 04|TRM-02 TRM-04|malware_protection=none
迷惑メール検査サーバ|MAIL-03|mail_dmarc=false
研究会受付ウェブサーバ|WEB-02|web_cert_expires_on=2026-11-20
天体画像分類デモサーバ|WEB-05|web_tamper_detection=false
海況公開ウェブサーバ|WEB-01|web_https_all=false web_cert_expires_on=
研究者一覧ページ|WEB-04|web_uses_org_domain=false
DNSサーバ|DNS-01|dns_name_resolution_redundant=false
試料データベースサーバ|DB-01|db_misuse_detection=false
船舶運航管理サーバ|DB-03|!nodb
見学者センター複合機|MFP-01|mfp_settings_checked_on=2025-06-01
全天カメラ 01|IOT-02|special_threat_exists=not_assessed special_jcstar_level= special_segregated=
展示ホール案内表示盤|IOT-01|special_jcstar_level=0
海洋研究所公開セグメント|NET-01|network_intrusion_monitoring=false
船内ネットワーク|NET-03|network_rules_reviewed_on=2025-05-01
ファイアウォール 02|NWD-02|netdev_config_backup_on=
フロアスイッチ 08|NWD-01|netdev_change_log_kept=false
観測棟無線LAN|WLN-02|wlan_encryption=wpa2
図書・交流室無線LAN|WLN-03|wlan_auth=psk
研究棟無線LAN|WLN-01|wlan_encryption=wep
構成管理ソフトウェア|INF-01|infra_detection_measure=
調査船アカウント|SNS-04|sns_operating_unit_shown=false
財務課NAS|SRV-07|bcp_reflected=false
"""

MEDIA = """
usb_memory|業務用USBメモリ*8|hoshi-adm|int||
usb_memory|人事課暗号化USBメモリ*3|hoshi-gad|per|人事記録の受渡し用の写し|used_for_transport=true
usb_memory|給与データ受渡し用USBメモリ*2|hoshi-gad|myn||used_for_transport=true
usb_memory|システム管理用USBメモリ*4|hoshi-its|harm|導入媒体と設定の写し|
usb_memory|観測データ搬送用USBメモリ*6|hoshi-tel|res||used_for_transport=true
usb_memory|広報写真USBメモリ*2|hoshi-adm|open|公開用の天体写真|used_for_transport=true
usb_memory|事務部USBメモリ*5|umi-adm|int||
usb_memory|財務課暗号化USBメモリ*3|umi-fin|man|契約書と予算資料の写し|
usb_memory|航海データ受渡しUSBメモリ*4|umi-dep|res|航海ごとの観測データ|used_for_transport=true
portable_disk|観測データ外付けSSD*6|hoshi-obs|unp||used_for_transport=true
portable_disk|解析用外付けHDD*5|hoshi-lab|res||
portable_disk|バックアップ用外付けHDD*3|hoshi-its|per|サーバのバックアップ|
portable_disk|航海データ外付けHDD*6|umi-dep|unp|航海ごとの未公表データ|used_for_transport=true
portable_disk|海底地形データ外付けSSD*2|umi-dep|sec||
portable_disk|海洋研究部外付けHDD*4|umi-res|res||
portable_disk|衛星画像受渡しSSD*2|umi-hlab|res|受信した衛星画像|used_for_transport=true
removed_disk|交換済み内蔵ディスク*3|hoshi-its|per|交換したサーバのディスク|
removed_disk|退役NASの取外しディスク*2|hoshi-obs|unp|退役したNASのディスク|
removed_disk|故障端末の取外しディスク*2|umi-its|int|故障した端末のディスク|
optical|観測野帳保存DVD*5|hoshi-tel|open|公表済みの観測野帳|
optical|会議資料保存DVD*2|hoshi-adm|man|過年度の会議資料|
optical|公開講座配布DVD*2|umi-res|pub|配布済みの講座映像|used_for_transport=true
optical|乗船者名簿DVD|umi-res|cons|承諾を得た乗船者名簿|
tape|アーカイブ用LTOテープ*10|hoshi-obs|unp||
tape|サーババックアップテープ*4|hoshi-its|per|サーバのバックアップ|
tape|ログ長期保存テープ*2|hoshi-its|man|各サーバの操作・通信記録|holds_log=true
tape|航海データ保存テープ*4|umi-res|unp|航海ごとの未公表データ|
tape|海洋研究所ログ保存テープ|umi-its|man|各サーバの操作・通信記録|holds_log=true
card|全天カメラ用メモリカード*4|hoshi-tel|open|夜空の画像|
card|深海カメラ用メモリカード*5|umi-dep|unp|公表前の潜航映像|used_for_transport=true
card|広報用デジタルカメラのカード*2|umi-adm|cons|承諾を得た参加者の写真|
other|データロガー用カートリッジ*3|umi-dep|res|係留系の記録|used_for_transport=true
other|暗号鍵保管トークン*2|hoshi-its|harm|暗号鍵のバックアップ|
"""

MEDIA_FAULTS = """
業務用USBメモリ 07|MED-01|confidentiality=
解析用外付けHDD 05|MED-01|confidentiality=
アーカイブ用LTOテープ 10|MED-01|confidentiality=
海洋研究部外付けHDD 04|MED-01|confidentiality=
データロガー用カートリッジ 03|MED-01|confidentiality=
観測データ搬送用USBメモリ 06|MED-02|users_text=
事務部USBメモリ 05|MED-02|users_text=
財務課暗号化USBメモリ 03|MED-02|users_text=
深海カメラ用メモリカード 05|MED-02|users_text=
航海データ保存テープ 04|MED-02|users_text=
会議資料保存DVD 02|MED-02|users_text=
業務用USBメモリ 08|MED-01 MED-02|confidentiality= users_text=
航海データ外付けHDD 06|MED-01 MED-02|confidentiality= users_text=
交換済み内蔵ディスク 03|MED-01 MED-02 MED-OWN|confidentiality= users_text= custodian= serial_no= \
    storage_area= \
    info_description=内容不明（前任者退職のため確認中）
全天カメラ用メモリカード 04||serial_no= storage_area= info_description=内容不明（ラベルなし、現物を確認中）
航海データ受渡しUSBメモリ 04|MED-OWN|custodian= storage_area= info_description=所在不明（最終使用者に確認中）
観測野帳保存DVD 05|MED-OWN|serial_no= custodian=
"""

MEDIA_FINDINGS = """
観測データ外付けSSD 06|MED-04|encryption=none
会議資料保存DVD 01|MED-04 MED-08|encryption=none storage_locked=false
航海データ受渡しUSBメモリ 03|MED-05|encryption=none
解析用外付けHDD 04|MED-03|provision=non_issued
海洋研究所ログ保存テープ|MED-14|log_integrity_measure=
"""
