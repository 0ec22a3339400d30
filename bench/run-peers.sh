#!/usr/bin/env bash
# Retort side by side with what Python users write, on the same model folders and texts: a step on
# soft targets, a step on TinyBERT's intermediate losses, and the answer to one text. Rounds
# interleave the sides, so that what the machine does meanwhile meets all of them.
#
#   bench/run-peers.sh [--parts soft,tinybert,latency] [--out FOLDER] [--rounds 3] [--steps 60]
#                      [--count 500] [--data FOLDER] [--python PYTHON] [--peak-bf16 970]
#                      [--peak-fp32 480]
#
#   --parts    what is measured, all by default
#   --out      where the results go, one JSON file for each run, and tables.md
#              (.retort/peer-results)
#   --rounds   how often each side runs
#   --steps    training steps of a run, three of warm-up included
#   --count    texts that latency is measured on
#   --data     a folder with banking77/train.csv; otherwise ../shared/data/dev-text.tar.gz is used
#   --python   the Python of bench/peers/setup_venv.sh                (.retort/peers/bin/python)
#   --peak-…   what the machine can do, in 10^9 operations a second; MFU is a share of it
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/.retort/peer-results
parts=soft,tinybert,latency
rounds=3
steps=60
count=500
data=
python=${RETORT_PEER_PYTHON-$root/.retort/peers/bin/python}
peak_bf16=970
peak_fp32=480

fail() {
  echo "run-peers: $1" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  [ $# -gt 1 ] || fail "$1 needs a value"
  case $1 in
    --parts) parts=$2 ;;
    --out) out=$2 ;;
    --rounds) rounds=$2 ;;
    --steps) steps=$2 ;;
    --count) count=$2 ;;
    --data) data=$2 ;;
    --python) python=$2 ;;
    --peak-bf16) peak_bf16=$2 ;;
    --peak-fp32) peak_fp32=$2 ;;
    *) fail "'$1' is not an option; see the head of $0" ;;
  esac
  shift 2
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Preset by some environments for other programs; both halve the speed of fp32 products.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

find_data() {
  if [ -z "$data" ]; then
    local archive=$root/../shared/data/dev-text.tar.gz
    [ -f "$archive" ] || fail "there is no $archive; name a folder with banking77/train.csv: --data"
    tar -xzf "$archive" -C "$work" banking77/train.csv
    data=$work
  fi
  [ -f "$data/banking77/train.csv" ] || fail "$data/banking77/train.csv does not exist"
}

find_python() {
  if [ ! -x "$python" ]; then
    echo "Installing the Python side (bench/peers/requirements.txt) ..." >&2
    "$root/bench/peers/setup_venv.sh" "$(dirname "$(dirname "$python")")" >&2
  fi
}

build() {
  echo "Building ..." >&2
  JAVA_HOME=$("$root/bin/find-jdk")
  export JAVA_HOME
  (cd "$root" && mvn -B -ntp -q -pl bench -am -Dmaven.test.skip=true compile \
    dependency:build-classpath -Dmdep.includeScope=runtime -Dmdep.outputFile="$work/classpath" >&2)
}

# Runs a class of the bench module as ./retort runs Retort.
java_bench() {
  env GLIBC_TUNABLES="${GLIBC_TUNABLES-glibc.malloc.hugetlb=1}" ORT_DISABLE_TELEMETRY=1 \
    ONEDNN_PRIMITIVE_CACHE_CAPACITY=64 LRU_CACHE_CAPACITY=32 \
    OMP_WAIT_POLICY="${OMP_WAIT_POLICY-passive}" DJL_OFFLINE=true OPT_OUT_TRACKING=true \
    "$JAVA_HOME/bin/java" \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -Dorg.bytedeco.javacpp.nopointergc=true -Dorg.bytedeco.javacpp.maxbytes=0 \
    -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
    -cp "$root/bench/target/classes:$(cat "$work/classpath")" "dev.retort.bench.$1" "${@:2}"
}

load() {
  uptime | sed 's/.*load average[s]*: *\([0-9.]*\).*/\1/'
}

# A second thread's numbers collapse under any neighbour.
wait_until_idle() {
  for _ in 1 2 3 4 5 6 7; do
    if awk -v load="$(load)" 'BEGIN { exit !(load < 0.5) }'; then
      return
    fi
    sleep 10
  done
  echo "The machine is not idle (load average $(load)): do not trust these numbers." |
    tee -a "$out/warnings.txt" >&2
}

# A step of one side on the losses `soft` or `tinybert`.
training() {
  local round=$1 losses=$2 leg=$3 peer=distill_peers.py name=distill
  if [ "$losses" = tinybert ]; then
    peer=tinybert_peers.py name=tinybert
  fi
  echo "round $round: training on $losses, $leg" >&2
  local common=(--teacher "$work/models/teacher" --student "$work/models/student"
    --data "$work/models/data.jsonl" --steps "$steps" --batch 32
    --out "$out/$name-$leg-$round.json")
  if [ "$leg" = retort ]; then
    java_bench DistillationThroughput "${common[@]}" --losses "$losses" --precision bf16 \
      --peak-gflops "$peak_bf16"
  else
    "$python" "$root/bench/peers/$peer" "${common[@]}" --mode "$leg" >/dev/null
  fi
}

latency() {
  local round=$1 leg=$2
  local result=$out/latency-$leg-$round.json
  echo "round $round: latency, $leg" >&2
  local common=(--data "$work/models/data.jsonl" --count "$count" --out "$result")
  if [ "$leg" = python ]; then
    "$python" "$root/bench/peers/latency_peers.py" --model "$work/models/student" \
      "${common[@]}" >/dev/null
    return
  fi
  local file=model.onnx spinning=false threads=${leg#*-}
  [ "${leg%-*}" = fp32 ] || file=model-int8.onnx
  [ "$threads" = 1 ] || spinning=true
  java_bench ServingLatency --model "$work/models/onnx" "${common[@]}" \
    --file "$file" --threads "$threads" --spinning "$spinning"
}

find_data
find_python
build
mkdir -p "$out"
rm -f "$out"/{distill,tinybert,latency}-*.json "$out"/{tables.md,warnings.txt}
java_bench StudentFolders --data "$data/banking77/train.csv" --out "$work/models"

# Once: afterwards the load average tells of the runs themselves.
wait_until_idle
for round in $(seq "$rounds"); do
  for losses in soft tinybert; do
    if [[ ,$parts, == *,$losses,* ]]; then
      for leg in retort plain tuned; do
        training "$round" "$losses" "$leg"
      done
    fi
  done
  if [[ ,$parts, == *,latency,* ]]; then
    for leg in python fp32-1 fp32-2 int8-1 int8-2; do
      latency "$round" "$leg"
    done
  fi
done
java_bench PeerTables --results "$out" --peak-bf16 "$peak_bf16" --peak-fp32 "$peak_fp32"
