#!/usr/bin/env bash
# Raw logs to a served model on one machine: sets up, builds the programs, generates logs whose true probabilities are
# known, trains, evaluates, exports, serves, sends a request, and ends with measured against true. Leaves runs/demo
# with report.html.
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

"$ESMM_ROOT/scripts/setup.sh"
"$ESMM_ROOT/scripts/build.sh" release esmm esmm-serve
lock demo
cd "$ESMM_ROOT"
PATH="$ESMM_BUILD/release/bin:$PATH"
rm -rf data/demo-raw data/demo runs/demo

step() {
  say "$*"
  "$@"
}

step esmm generate --out data/demo-raw --impressions 1500000 --users 50000
step esmm prepare configs/demo.yaml
step esmm train configs/demo.yaml
step esmm evaluate runs/demo
step esmm report runs/demo
step esmm export runs/demo --out runs/demo/model.pt

say "esmm-serve demo=runs/demo/model.pt --http-port 0"
: >runs/demo/serve.out  # the server may open it later than we read it
esmm-serve demo=runs/demo/model.pt --http-port 0 >>runs/demo/serve.out &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
address=""
for _ in {1..300}; do
  address="$(sed -n 's/^listening on //p' runs/demo/serve.out)"
  if [[ -n $address ]] || ! kill -0 "$server" 2>/dev/null; then break; fi
  sleep 0.1
done
[[ -n $address ]] || fail "esmm-serve did not start"
python3 scripts/demo/request.py data/demo-raw "$address/v2/models/demo/infer"
kill -TERM "$server"
wait "$server" || fail "esmm-serve did not end well"
trap - EXIT

python3 scripts/demo/table.py runs/demo/evaluation.json
