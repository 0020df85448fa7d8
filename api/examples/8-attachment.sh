#!/bin/sh
# A document of an asset: filed, given out, refused, taken back.
set -eu
. "$(dirname "$0")/lib.sh"

call POST /assets -H 'Content-Type: application/json' -d '{
	"institution": "hoshi", "unit": "hoshi-its", "name": "旧NAS", "asset_type": "nas"
}'
is status "$status" 201
asset=$(header Location)
asset=${asset#/api/v1}

# the body is the file; what is said of it stands in the address (here: 消去ログ.txt)
printf '2026-11-25 全区画を上書き消去\n' >"$tmp/log.txt"
name=%E6%B6%88%E5%8E%BB%E3%83%AD%E3%82%B0.txt
said="kind=erasure_log&confidentiality=2&keep_until=2032-03-31"
call POST "$asset/attachments?$said&file_name=$name" -T "$tmp/log.txt"
is status "$status" 201
has '"media_type":"text/plain"'
document=/attachments/$(member attachment_no)

call GET "$document/content"
is status "$status" 200
is rating "$(header Daicho-Confidentiality)" 2
cmp "$tmp/log.txt" "$tmp/body"

# what it is, is seen from the bytes
printf '<html>' >"$tmp/page.txt"
call POST "$asset/attachments?$said&file_name=page.txt" -T "$tmp/page.txt"
is status "$status" 415
has '"code":"type_not_allowed"'

call DELETE "$document" -H 'If-Match: "1"'
is status "$status" 204
call DELETE "$asset" -H 'If-Match: "1"'
is status "$status" 204
