#!/bin/sh
# Bring tables and static files up to date, then serve: what a container or a unit starts.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
python manage.py migrate --no-input --verbosity 0
python manage.py collectstatic --no-input --verbosity 0
exec python manage.py serve
