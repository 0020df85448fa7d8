#!/bin/sh
# A medium leaves and comes back; which media are there; the yearly 棚卸し.
set -eu
. "$(dirname "$0")/lib.sh"
json='Content-Type: application/json'

call POST /media -H "$json" -d '{"institution": "hoshi", "unit": "hoshi-its",
	"name": "持出用USBメモリ", "media_kind": "usb_memory", "confidentiality": 2,
	"users_text": "情報基盤課", "custodian": "suiseigawa.h", "encryption": "hardware"}'
is status "$status" 201
medium=$(member media_no)
call POST "/media/$medium/registration" -H 'If-Match: "1"'
is status "$status" 200

# the time of Japan; the daemon answers in UTC
now=$(TZ=UTC-9 date '+%Y-%m-%dT%H:%M')
due=$(TZ=UTC-9 date -d '+3 days' '+%Y-%m-%d 17:00')
call POST "/media/$medium/movements" -H "$json" -d "{\"kind\": \"take_out\",
	\"person\": \"suiseigawa.h\", \"destination\": \"共同研究先\", \"purpose\": \"データの受渡し\",
	\"confidentiality\": 2, \"encrypted\": true, \"out_at\": \"$now\", \"due_at\": \"$due\"}"
is status "$status" 201
movement=$(member movement_no)
call GET "/media/$medium"
is state "$(member state)" taken_out
call POST "/movements/$movement/return" -H 'If-Match: "1"' -H "$json" -d '{"note": "異常なし"}'
is status "$status" 200

# as a bar-code scanner types them
printf '%s\n%s\n' "$medium" M99999999 >"$tmp/scanned"
call POST /media/checks -H 'Content-Type: text/plain' --data-binary "@$tmp/scanned"
is status "$status" 200
has '"unknown": ["M99999999"]'

# what a campaign of 棚卸し would be like
call POST '/inventories?dry_run=true' -H "$json" -d '{"institution": "hoshi",
	"title": "年次の棚卸し", "opens_on": "2026-04-01", "closes_on": "2099-03-31"}'
is status "$status" 201
