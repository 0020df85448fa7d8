#!/bin/sh
# Devices as NetBox exports them.  They come as drafts, a second table
# completes them, and then they count.
set -eu
. "$(dirname "$0")/lib.sh"

file=$csv/netbox-devices.csv
map='device_type:model,manufacturer:maker,serial:serial_no,site:location_text'
map="$map,platform:os_name,comments:note,role:-,asset_tag:-,tenant:-,location:-,rack:-"
map="$map,status:-,created:-"

import "$file" "on_error=draft&map=$map&set=unit:hoshi-its,asset_type:network_device"
is status "$status" 200
count=$(member lines)
is created "$(member created)" "$count"
is draft "$(member draft)" "$count"

# without the map every foreign header is named
import "$file" on_error=draft
is status "$status" 422
has '"column":"device_type","code":"unknown_header"'

call GET /assets -G -d state=draft -d asset_type=network_device -d confidentiality__empty=true \
	-d unit=hoshi-its -d sort=-asset_no -d "limit=$count" -d fields=asset_no -d format=csv
is status "$status" 200
mv "$tmp/body" "$tmp/drafts.csv"
is rows "$(($(wc -l <"$tmp/drafts.csv") - 1))" "$count"

facts='confidentiality:2,confidentiality_basis:c2_internal,has_personal_info:false'
facts="$facts,has_my_number:false,internal_media_encryption:none,users_text:ITS"
facts="$facts,sysadmin:ryuseino.j"
import "$tmp/drafts.csv" "mode=update&key=asset_no&set=$facts"
is status "$status" 200
is updated "$(member updated)" "$count"
is draft "$(member draft)" 0
