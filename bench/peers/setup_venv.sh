#!/usr/bin/env bash
# Makes the Python environment of the oracles, without torch's CUDA packages.
# Usage: setup_venv.sh VENV_FOLDER      (needs gcc, readelf and nm for the stand-ins)
set -euo pipefail
venv=$1
here=$(cd "$(dirname "$0")" && pwd)
# These name torch as a dependency, so pip must not resolve theirs.
bare='^(torch|sentence-transformers|accelerate)=='

python3 -m venv "$venv"
pip="$venv/bin/python -m pip --disable-pip-version-check"
# What torch, accelerate and sentence-transformers need apart from CUDA.
$pip install -q setuptools==84.2.1 filelock typing-extensions sympy networkx jinja2 fsspec \
    psutil pyyaml packaging scipy tqdm
grep -vE "$bare|^#" "$here/requirements.txt" | $pip install -q -r /dev/stdin
grep -E "$bare" "$here/requirements.txt" | $pip install -q --no-deps -r /dev/stdin
"$venv/bin/python" "$here/make_cuda_stubs.py"
"$venv/bin/python" -c 'import torch, sentence_transformers; print("torch", torch.__version__)'
