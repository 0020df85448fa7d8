#!/bin/sh
# Search, filters, pages.
set -eu
. "$(dirname "$0")/lib.sh"

import "$csv/servers.csv" 'mode=upsert&key=serial_no'
is status "$status" 200

call GET /assets -G --data-urlencode 'q=カタログ' -d asset_type=nas -d fields=name
is status "$status" 200
has '恒星カタログNAS'
# full width and half width are one
call GET /assets -G --data-urlencode 'q=ｶﾀﾛｸﾞｎａｓ' -d fields=name
has '恒星カタログNAS'

call GET /assets -G -d confidentiality__gte=3 -d sort=-confidentiality -d limit=2 -d fields=name
is status "$status" 200
next=$(header Link | sed -n 's/^<\/api\/v1\(.*\)>; rel="next"$/\1/p')
[ -n "$next" ] || is Link '' 'a next page'
call GET "$next"
is status "$status" 200
has '"items":[{'

# what nobody knows is refused, not ignored
call GET /assets -G -d colour=red
is status "$status" 400
