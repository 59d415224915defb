#!/bin/sh
# Order a book with curl, from a server that was started with `jackfield serve --demo`.
#
#   JACKFIELD_URL=http://127.0.0.1:8321 JACKFIELD_TOKEN=jf_... ./order.sh BOOK_ID KEY
#
# KEY is yours to choose, one for each order: whoever repeats the command with it orders nothing twice.
set -eu

# The token goes in by stdin, since other users of the machine can read a command line.
answer=$(
    printf 'header = "Authorization: Bearer %s"\n' "$JACKFIELD_TOKEN" |
        curl --silent --show-error --config - \
            --header "Idempotency-Key: $2" \
            --data "{\"command\": \"order_book\", \"params\": {\"bookId\": $1}}" \
            "$JACKFIELD_URL/api/connectors/demo/execute"
)

echo "$answer"
case $answer in
'{"success":true'*) ;;
*) exit 1 ;;
esac
