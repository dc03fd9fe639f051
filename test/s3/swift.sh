#!/usr/bin/env bash
# Runs the contract of blob stores against OpenStack Swift's s3api, from Debian's packages, unpacked into a folder and run on
# loopback; nothing is installed. This needs Debian 12 or a derivative, and a file system with user attributes.
#   npm run test:s3              downloads, starts Swift, tests, stops it
#   SWIFT_DIR=/var/tmp/swift     keeps the packages there for the next run
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${SWIFT_DIR:-$(mktemp -d)}
root=$folder/root
port=${SWIFT_PORT:-18080}
python=/usr/bin/python3
servers=()

finish () {
  for server in "${servers[@]}"; do kill "$server" 2> /dev/null || true; done
  wait || true
  rm -rf "$folder/run"
  [ -n "${SWIFT_DIR:-}" ] || rm -rf "$folder"
}
trap finish EXIT

unpack () {
  local wanted
  wanted=$(apt-get install --simulate --no-install-recommends swift-proxy swift-account swift-container swift-object | awk '/^Inst / { print $2 }')
  mkdir -p "$folder/packages" "$root"
  # shellcheck disable=SC2086
  (cd "$folder/packages" && apt-get download $wanted)
  for package in "$folder"/packages/*.deb; do dpkg -x "$package" "$root"; done
  touch "$folder/unpacked"
}

[ -e "$folder/unpacked" ] || unpack
libraries=$(find "$root" -name 'liberasurecode.so.1' -printf '%h\n' -quit)
export PYTHONPATH=$root/usr/lib/python3/dist-packages
export LD_LIBRARY_PATH=$libraries

run=$folder/run
rm -rf "$run"
mkdir -p "$run/devices/d1"

cat > "$run/swift.conf" << END
[swift-hash]
swift_hash_path_prefix = cheershare
swift_hash_path_suffix = cheershare
[storage-policy:0]
name = default
default = yes
END

storage () {
  local name=$1 storage_port=$2
  "$python" "$root/usr/bin/swift-ring-builder" "$run/$name.builder" create 6 1 0
  "$python" "$root/usr/bin/swift-ring-builder" "$run/$name.builder" add "r1z1-127.0.0.1:$storage_port/d1" 1
  "$python" "$root/usr/bin/swift-ring-builder" "$run/$name.builder" rebalance
  cat > "$run/$name.conf" << END
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $storage_port
workers = 0
mount_check = false
disable_fallocate = true
devices = $run/devices
swift_dir = $run
user = $(id -un)
[pipeline:main]
pipeline = $name-server
[app:$name-server]
use = egg:swift#$name
END
}

storage object $((port + 1)) > /dev/null
storage container $((port + 2)) > /dev/null
storage account $((port + 3)) > /dev/null

cat > "$run/proxy.conf" << END
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $port
workers = 0
swift_dir = $run
user = $(id -un)
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck proxy-logging cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
auth_pipeline_check = no
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
END
for filter in catch_errors gatekeeper healthcheck cache listing_formats bulk copy slo dlo versioned_writes symlink; do
  egg=$filter
  [ "$filter" != cache ] || egg=memcache
  printf '[filter:%s]\nuse = egg:swift#%s\n' "$filter" "$egg" >> "$run/proxy.conf"
done
printf '[filter:proxy-logging]\nuse = egg:swift#proxy_logging\n' >> "$run/proxy.conf"

for name in object container account proxy; do
  "$python" test/s3/swift-server.py "$run" "$name" > "$run/$name.log" 2>&1 &
  servers+=($!)
done
for _ in $(seq 100); do
  curl --silent --fail --output /dev/null "http://127.0.0.1:$port/healthcheck" && break
  sleep 0.2
done
curl --silent --show-error --fail --output /dev/null "http://127.0.0.1:$port/healthcheck" || { tail -n 20 "$run"/*.log; exit 1; }

# Swift starts slowly; the tests wait for it.
export TAP_TIMEOUT=300
export AWS_ACCESS_KEY_ID=test:tester AWS_SECRET_ACCESS_KEY=testing
TEST_S3_URL="s3://cheershare/images?endpoint=http://127.0.0.1:$port" node_modules/.bin/node test/s3/real-server.ts || { tail -n 20 "$run"/*.log; exit 1; }
