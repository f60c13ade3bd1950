#!/bin/sh
# A throwaway qBittorrent (Debian's qbittorrent-nox) for the tests, on a free loopback port, without peers.
#   .ci/qbittorrent.sh start   prints its address with user and password, http://…, for TEST_QBITTORRENT_URL
#   .ci/qbittorrent.sh stop URL   stops the one at that address and removes its folder
set -eu

start() {
  folder=$(mktemp -d "${TMPDIR:-/tmp}/assistarr-qbittorrent-XXXXXX")
  mkdir -p "$folder/qBittorrent/config" "$folder/downloads"
  # PBKDF2 as qBittorrent stores it: HMAC-SHA512, 100,000 rounds, 16 bytes of salt, 64 of hash.
  password=$(node -e 'console.log(require("node:crypto").randomBytes(12).toString("hex"))')
  stored=$(PASSWORD=$password node -e '
    const { pbkdf2Sync, randomBytes } = require("node:crypto");
    const salt = randomBytes(16);
    const hash = pbkdf2Sync(process.env.PASSWORD, salt, 100000, 64, "sha512");
    console.log(salt.toString("base64") + ":" + hash.toString("base64"));')
  port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  cat > "$folder/qBittorrent/config/qBittorrent.conf" <<EOF
[LegalNotice]
Accepted=true

[BitTorrent]
Session\\DHTEnabled=false
Session\\PeXEnabled=false
Session\\LSDEnabled=false
Session\\DefaultSavePath=$folder/downloads

[Preferences]
WebUI\\Address=127.0.0.1
WebUI\\Port=$port
WebUI\\LocalHostAuth=true
WebUI\\Username=admin
WebUI\\Password_PBKDF2="@ByteArray($stored)"
EOF
  HOME=$folder qbittorrent-nox --profile="$folder" --webui-port="$port" >"$folder/log" 2>&1 &
  echo $! > "$folder/pid"
  for _ in $(seq 100); do
    if node -e "fetch('http://127.0.0.1:$port/').then(() => process.exit(0), () => process.exit(1))"; then
      echo "http://admin:$password@127.0.0.1:$port/#$(basename "$folder")"
      return
    fi
    kill -0 "$(cat "$folder/pid")" 2>/dev/null || break
    sleep 0.2
  done
  cat "$folder/log" >&2
  exit 1
}

# The folder's name is in the address, so that stopping needs nothing else and touches no other program.
stop() {
  name=${1##*#}
  case $name in
    assistarr-qbittorrent-??????) ;;
    *) echo "This is no address that '.ci/qbittorrent.sh start' printed." >&2; exit 2 ;;
  esac
  folder="${TMPDIR:-/tmp}/$name"
  pid=$(cat "$folder/pid")
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  rm -rf "$folder"
}

case ${1:-} in
  start) start ;;
  stop) stop "${2:?give the address that start printed}" ;;
  *) echo "usage: .ci/qbittorrent.sh start | stop URL" >&2; exit 2 ;;
esac
