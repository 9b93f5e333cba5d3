#!/bin/sh
# Prints the Python to build .venv with; or, where something is missing, the one line that installs it.
set -eu

usable='
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(1)
import ensurepip, venv
'
if command -v git >/dev/null; then
    for python in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$python" >/dev/null && "$python" -c "$usable" 2>/dev/null; then
            command -v "$python"
            exit
        fi
    done
fi
cat >&2 <<'TEXT'
Limner needs git, make and Python 3.11, 3.12 or 3.13 with venv. As root, run this once, then try again:
apt-get update && apt-get install -y git make python3 python3-venv
TEXT
exit 1
