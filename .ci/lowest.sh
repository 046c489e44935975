#!/usr/bin/env bash
# Makes an environment, in the folder named, with the lowest version that pyproject.toml allows of every package it names.
set -euo pipefail
. "$(dirname "$0")/uv.sh"
python3 -m venv "$1"
uv_into "$1"
"$1/bin/uv" pip install -q --python "$1/bin/python" --compile-bytecode --resolution lowest-direct -e ".[all]" --group test
"$1/bin/python" .ci/versions.py
