#!/bin/sh
# A throwaway PostgreSQL server for the tests, on a free loopback port and as a user of its own (initdb refuses root).
#   .ci/postgres.sh start   prints its address, postgres://…, for TEST_POSTGRES_URL
#   .ci/postgres.sh stop URL   stops the server at that address and removes its folder
# Needs the programs of Debian's `postgresql` package (or initdb and pg_ctl on the PATH) and, as root, its user `postgres`.
set -eu

programs() {
  for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr); do
    if [ -x "$folder/initdb" ]; then echo "$folder"; return; fi
  done
  dirname "$(command -v initdb)"
}

# Runs as the current user, or as `postgres` when that is root.
as_owner() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

free_port() {
  node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

start() {
  bin=$(programs)
  folder=$(as_owner mktemp -d "${TMPDIR:-/tmp}/assistarr-postgres-XXXXXX")
  as_owner "$bin/initdb" --pgdata "$folder/data" --username assistarr --auth trust --encoding UTF8 --no-locale --no-sync >"/dev/null"
  # Another program may take the port between asking for a free one and listening on it: then another is asked for.
  for attempt in 1 2 3 4 5; do
    port=$(free_port)
    if as_owner "$bin/pg_ctl" start --silent --wait --pgdata "$folder/data" --log "$folder/log" \
      --options "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=300" >&2; then
      echo "postgres://assistarr@127.0.0.1:$port/postgres?application_name=$(basename "$folder")"
      return
    fi
  done
  cat "$folder/log" >&2
  exit 1
}

# The folder's name is in the address, so that stopping needs nothing else and touches no other server.
stop() {
  name=${1##*application_name=}
  case $name in
    assistarr-postgres-??????) ;;
    *) echo "This is no address that '.ci/postgres.sh start' printed." >&2; exit 2 ;;
  esac
  folder="${TMPDIR:-/tmp}/$name"
  as_owner "$(programs)/pg_ctl" stop --silent --mode immediate --pgdata "$folder/data"
  as_owner rm -rf "$folder"
}

case ${1:-} in
  start) start ;;
  stop) stop "${2:?give the address that start printed}" ;;
  *) echo "usage: .ci/postgres.sh start | stop URL" >&2; exit 2 ;;
esac
