#!/bin/sh
# Changes under a version, repeated requests, history.
set -eu
. "$(dirname "$0")/lib.sh"

key=example-$$-$(date +%s)
create() {
	call POST /assets -H 'Content-Type: application/json' -H "Idempotency-Key: $key" \
		-d '{"institution": "hoshi", "name": "変更の例"}'
}
create
is status "$status" 201
asset=$(header Location)
# the answer was lost on the way? ask again: it is the same row
create
is status "$status" 201
is Location "$(header Location)" "$asset"
asset=${asset#/api/v1}

change() {
	call PATCH "$asset" -H 'Content-Type: application/merge-patch+json' "$@" \
		-d '{"location_text": "本館 3階 サーバ室"}'
}
change
is status "$status" 428
change -H 'If-Match: "1"'
is status "$status" 200
is ETag "$(header ETag)" '"2"'
change -H 'If-Match: "1"'
is status "$status" 412
has '"current":{'

call GET "$asset/history"
is status "$status" 200
has '"version":2'
has '本館 3階 サーバ室'

# a draft may be deleted
call DELETE "$asset" -H 'If-Match: "2"'
is status "$status" 204
call GET "$asset"
is status "$status" 404
