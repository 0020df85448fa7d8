#!/bin/sh
# An incident: whose is this address, who has this software, stop it at once; what is kept at hand.
set -eu
. "$(dirname "$0")/lib.sh"

call GET '/lookup?q=10.1.4.11'
is status "$status" 200
has '"found_by":"ip","exact":true'
has '"phone":'
asset=$(member asset_no)
call GET '/lookup?q=10.1.4.0/24&format=csv'
is status "$status" 200
call GET '/software?name=openssl&type=deb&lt=3.0.17-1~deb12u2'
is status "$status" 200

# the answer names the request that stops it; here nothing is kept
call GET "/assets/$asset"
call POST "/assets/$asset/suspension?dry_run=true" -H "If-Match: $(header ETag)" \
	-H 'Content-Type: application/json' -d '{"reason": "不正な通信"}'
is status "$status" 200
is state "$(member state)" suspended

# for days without a network
call GET '/reports/csirt-bundle?institution=hoshi'
is status "$status" 200
has '機密性3'
