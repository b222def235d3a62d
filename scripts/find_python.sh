#!/usr/bin/env bash
# Prints a Python 3.13 that runs here, or says what to do. The version is the one that Lambda runs, so nothing else will do.
set -euo pipefail
for candidate in python3.13 python3 python; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1; then
    command -v "$candidate"
    exit 0
  fi
done
echo "Duebill needs Python 3.13 (as python3.13 or python3 on PATH): install it, for example with 'pyenv install 3.13' or your system's packages, and run make again." >&2
exit 1
