#!/bin/sh
# A CSV table with Japanese headers; one with faults.
set -eu
. "$(dirname "$0")/lib.sh"

import "$csv/servers.csv" 'mode=upsert&key=serial_no&dry_run=true'
is status "$status" 200
is lines "$(member lines)" 5

import "$csv/servers.csv" 'mode=upsert&key=serial_no'
is status "$status" 200
is rejected "$(member rejected)" 0

import "$csv/servers.csv" 'mode=upsert&key=serial_no'
is status "$status" 200
is unchanged "$(member unchanged)" 5

import "$csv/servers-broken.csv" 'mode=upsert&key=serial_no'
is status "$status" 422
has '"line":2,"column":"confidentiality"'
has '"line":3,"column":"ip_addrs"'
has '"line":4,"column":"sysadmin"'

# the rejected lines with a column that says why
import "$csv/servers-broken.csv" 'mode=upsert&key=serial_no&format=csv'
is status "$status" 422
has 'ip_addrs: [bad_format]'
