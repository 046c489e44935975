#!/usr/bin/env bash
# Runs tests, which are named, in an environment of `lowest.sh`; laws are tried on fewer examples than with the newest versions.
set -euo pipefail
environment=$1
shift
# matplotlib 3.10.0 calls pyparsing, of which it bounds no version, by names that are deprecated since
exec "$environment/bin/python" -m pytest -q --hypothesis-profile=short \
    -W ignore::pyparsing.warnings.PyparsingDeprecationWarning "$@"
