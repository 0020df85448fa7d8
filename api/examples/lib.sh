# Read by the examples beside it: where the daemon is, one call, one check.
: "${DAICHO_URL:?where the daemon answers, e.g. http://127.0.0.1:8620}"
: "${DAICHO_TOKEN:?build/daicho --embedded var/demo token issue LOGIN}"
csv=$(cd "$(dirname "$0")/../csv" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

# call METHOD PATH [curl options]: the answer lands in $tmp/body and $tmp/head, its status in $status
call() {
	method=$1
	path=$2
	shift 2
	status=$(curl -sS -X "$method" -H "Authorization: Bearer $DAICHO_TOKEN" \
		-H 'Accept-Language: en' -D "$tmp/head" -o "$tmp/body" -w '%{http_code}' \
		"$DAICHO_URL/api/v1$path" "$@")
	echo "$method $path: $status"
}

# import FILE QUERY: into the asset ledger
import() {
	call POST "/assets/import?$2" -H 'Content-Type: text/csv' --data-binary "@$1"
}

# The value of a header of the last answer.
header() {
	tr -d '\r' <"$tmp/head" | sed -n "s/^$1: //p"
}

# A plain member of the last answer: number, word or text without escapes.
member() {
	sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$tmp/body" | head -n 1
}

# is WHAT GOT WANTED
is() {
	[ "$2" = "$3" ] && return
	echo "$0: $1 is '$2', not '$3'" >&2
	cat "$tmp/body" >&2
	exit 1
}

# has TEXT: it stands in the last answer
has() {
	grep -q -F -e "$1" "$tmp/body" && return
	echo "$0: the answer has no '$1'" >&2
	cat "$tmp/body" >&2
	exit 1
}
