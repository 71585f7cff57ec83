#!/usr/bin/env bash
# Install Kesos and its tools, exactly as locked, into the virtual environment named by the first argument.
# Needs python3 >= 3.11 with venv. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:-.venv}

refuse() {
    printf 'Kesos cannot be installed: %s\n%s\n' "$1" "$2" >&2
    exit 1
}

is_new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# A machine may call its newer Python by its full name only.
python=
for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if is_new_enough "$candidate"; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || refuse "no Python 3.11 or newer was found (python3 is $(python3 --version 2>&1 || true))." \
    "Install one (Debian 12 or newer: as root, apt-get install python3 python3-venv), or name it: make install PYTHON=/path/to/python3.12"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    refuse "$("$python" --version) has no working venv module." \
        "Debian or Ubuntu, as root: apt-get update && apt-get install python3-venv. Then run make install again."

# A half-made environment, or one whose Python is gone, is made anew.
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear "$venv"

export PIP_DISABLE_PIP_VERSION_CHECK=1
echo "Installing the locked packages into $venv ..."
"$venv/bin/python" -m pip install --quiet --require-hashes --requirement requirements/uv.txt

# uv does not read pip's settings. Where an office has its own package mirror or its own certificates, pip knows them:
# read them now, hand them on, and never write them to a file. Hashes make it harmless to ask several mirrors.
pip_setting() {
    "$venv/bin/python" -m pip config list 2>/dev/null |
        sed -n "s/^\(global\|site\|user\|install\)\.$1=//p" | tail -n 1 | sed "s/^['\"]//; s/['\"]\$//; s/\\\\n/ /g"
}
if [ -z "${UV_DEFAULT_INDEX:-}" ]; then
    index=${PIP_INDEX_URL:-$(pip_setting index-url)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
fi
if [ -z "${UV_INDEX:-}" ]; then
    # Folders of wheels on a disk (file:) hold a few versions of a few packages; pip's own mirrors of the network are what counts.
    mirrors=$(echo "${PIP_EXTRA_INDEX_URL:-$(pip_setting extra-index-url)}" | tr ' ' '\n' | grep -E '^https?:' | tr '\n' ' ' || true)
    [ -z "${mirrors// /}" ] || export UV_INDEX="$mirrors" UV_INDEX_STRATEGY=unsafe-best-match
fi
if [ -z "${SSL_CERT_FILE:-}" ]; then
    certificates=${PIP_CERT:-$(pip_setting cert)}
    [ ! -f "$certificates" ] || export SSL_CERT_FILE="$certificates"
fi
export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}"

uv="$venv/bin/uv"
"$uv" pip sync --quiet --python "$venv/bin/python" --require-hashes requirements/dev.txt
"$uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
"$venv/bin/python" -c 'import kesos'
echo "Installed: $("$venv/bin/python" --version), Kesos in $venv."
