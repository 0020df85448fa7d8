#!/bin/sh
# A 重要サーバ from the ledger to its permission: rating, catalogue with software, application with
# documents, submission, decision.  A token prepares; what decides is a session, here of the logins
# of the demonstration.
set -eu
. "$(dirname "$0")/lib.sh"
daicho="build/daicho --embedded ${DAICHO_DEMO_DIR:-var/demo}"

# as LOGIN: its session in $jar, the token of its forms in $csrf
as() {
	jar=$tmp/$1.jar
	password=$($daicho demo logins --json | tr '{' '\n' |
		sed -n "s/.*\"login\": *\"$1\".*\"password\": *\"\([^\"]*\)\".*/\1/p" | head -n 1)
	if [ ! -s "$jar" ]; then
		curl -sS -c "$jar" -o "$tmp/$1.json" -H 'Content-Type: application/json' \
			-H 'Sec-Fetch-Site: same-origin' "$DAICHO_URL/api/v1/sessions" \
			-d "{\"login\": \"$1\", \"password\": \"$password\"}"
	fi
	csrf=$(sed -n 's/.*"csrf_token":"\([^"]*\)".*/\1/p' "$tmp/$1.json")
}

# browse METHOD PATH [curl options]: as call, in the session
browse() {
	method=$1
	path=$2
	shift 2
	status=$(curl -sS -X "$method" -b "$jar" -H "X-CSRF-Token: $csrf" \
		-H 'Sec-Fetch-Site: same-origin' -H 'Accept-Language: en' -D "$tmp/head" \
		-o "$tmp/body" -w '%{http_code}' "$DAICHO_URL/api/v1$path" "$@")
	echo "$method $path: $status"
}
json='Content-Type: application/json'

call POST /assets -H "$json" -d '{
	"institution": "hoshi", "unit": "hoshi-its", "name": "申請の例", "asset_type": "server",
	"sysadmin": "suiseigawa.h", "location_text": "本館サーバ室", "users_text": "職員",
	"confidentiality": 3, "confidentiality_basis": "c3_management", "has_personal_info": false,
	"has_my_number": false, "internal_media_encryption": "full"
}'
is status "$status" 201
asset=$(member asset_no)
call POST "/assets/$asset/registration" -H "If-Match: $(header ETag)"
is status "$status" 200
is state "$(member state)" planned

# the rating is confirmed by the 情報セキュリティ管理者 of the unit
as seiunda.n
browse GET "/assets/$asset"
browse POST "/assets/$asset/rating" -H "If-Match: $(header ETag)" -H "$json" \
	-d '{"confidentiality": 3, "confidentiality_basis": "c3_management"}'
is status "$status" 200

# its administrator: catalogue and software list
as suiseigawa.h
browse POST /catalogues -H "$json" -d "{\"asset\": \"$asset\",
	\"hardware\": [{\"item\": \"本体\"}],
	\"services\": [{\"service\": \"HTTPS\", \"protocol\": \"tcp\", \"port\": 443,
		\"exposure\": \"segment\", \"encrypted\": true}],
	\"network\": [{\"host\": \"rei.example.jp\", \"ip\": \"192.0.2.10\"}],
	\"accounts\": [{\"account\": \"root\", \"holder\": \"水星川\", \"privilege\": \"すべて\",
		\"authentication\": \"key\"}],
	\"data_held\": [{\"data\": \"観測データ\", \"confidentiality\": 3}],
	\"maintenance_vendor\": [{\"vendor\": \"保守社\", \"phone\": \"03-0000-0000\"}]}"
is status "$status" 201
catalogue=$(member catalogue_no)
browse PUT "/catalogues/$catalogue/software" -H "If-Match: $(header ETag)" -H "$json" \
	-d '{"software": [{"software_name": "nginx", "version": "1.22.1-9", "type": "deb"}]}'
is status "$status" 200

# the application with its documents; the catalogue is there already
browse POST /requests -H "$json" -d "{\"request_type\": \"important_new\",
	\"asset\": \"$asset\", \"reason\": \"観測データの配信\"}"
is status "$status" 201
request=$(member request_no)
for kind in necessity emergency_contacts; do
	printf '申請の例 %s\n' "$kind" >"$tmp/$kind.txt"
	browse GET "/requests/$request"
	browse POST "/requests/$request/attachments?kind=$kind&file_name=$kind.txt&confidentiality=2" \
		-H "If-Match: $(header ETag)" -T "$tmp/$kind.txt"
	is status "$status" 201
done
browse GET "/requests/$request/actions"
has '"missing":[]'
browse GET "/requests/$request"
browse POST "/requests/$request/steps" -H "If-Match: $(header ETag)" -H "$json" \
	-d '{"action": "submit"}'
is status "$status" 200

# nobody decides on their own, no token decides at all; the 機関CISO does
browse POST "/requests/$request/steps" -H "If-Match: $(header ETag)" -H "$json" \
	-d '{"action": "approve"}'
is status "$status" 422
has '"code":"REQ-01"'
call GET "/requests/$request"
call POST "/requests/$request/steps" -H "If-Match: $(header ETag)" -H "$json" \
	-d '{"action": "approve"}'
is status "$status" 403
as subaruno.k
browse GET "/requests/$request"
browse POST "/requests/$request/steps" -H "If-Match: $(header ETag)" -H "$json" \
	-d '{"action": "approve"}'
is status "$status" 200
is state "$(member state)" approved
browse GET "/assets/$asset"
is permission "$(member important_state)" permitted
