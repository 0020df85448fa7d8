#!/bin/sh
# Export, and the export back again: nothing changes.
set -eu
. "$(dirname "$0")/lib.sh"

call GET /assets -H 'Accept: text/csv'
is status "$status" 200
mv "$tmp/body" "$tmp/assets.csv"
rows=$(wc -l <"$tmp/assets.csv")
[ "$rows" -gt 1 ] || is rows "$rows" 'more than the header'

import "$tmp/assets.csv" 'mode=update&key=asset_no'
is status "$status" 200
is created "$(member created)" 0
is updated "$(member updated)" 0
is unchanged "$(member unchanged)" "$(member lines)"

call GET /assets -G -d format=ndjson -d limit=2
is status "$status" 200
is lines "$(wc -l <"$tmp/body" | tr -d ' ')" 2
