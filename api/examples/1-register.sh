#!/bin/sh
# A server: draft, what is missing, completed, registered.
set -eu
. "$(dirname "$0")/lib.sh"

call POST /assets -H 'Content-Type: application/json' -d '{
	"institution": "hoshi", "unit": "hoshi-its",
	"name": "観測データ公開サーバ", "asset_type": "server"
}'
is status "$status" 201
is state "$(member state)" draft
asset=$(header Location)
asset=${asset#/api/v1}

call POST "$asset/registration" -H 'If-Match: "1"'
is status "$status" 422
for code in REG-02 REG-04 REG-05 REG-06 REG-07 REG-08 REG-09; do
	has "\"code\":\"$code\""
done

call PATCH "$asset" -H 'If-Match: "1"' -H 'Content-Type: application/merge-patch+json' -d '{
	"location_text": "本館 2階 計算機室", "users_text": "情報基盤課 全員",
	"confidentiality": 2, "confidentiality_basis": "c2_internal",
	"has_personal_info": false, "has_my_number": false,
	"internal_media_encryption": "full", "sysadmin": "suiseigawa.h"
}'
is status "$status" 200

call POST "$asset/registration" -H "If-Match: $(header ETag)"
is status "$status" 200
is state "$(member state)" planned

# a row that counts is never erased
call DELETE "$asset" -H "If-Match: $(header ETag)"
is status "$status" 409
call GET "$asset"
call POST "$asset/retirement" -H "If-Match: $(header ETag)" \
	-H 'Content-Type: application/json' -d '{"reason": "end of the example"}'
is status "$status" 200
is state "$(member state)" retired
