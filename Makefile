# `make run` starts everything, `make test` proves it. `make help` lists the rest.

PYTHON ?= python3
UV_VERSION = 0.13.9
UV = var/setup/uv/bin/uv
MANAGE = .venv/bin/python manage.py
PYTEST = .venv/bin/pytest -n auto --maxprocesses 4 --dist worksteal
OFFLINE = { echo "Python packages could not be fetched; the lines above say why. Behind a mirror set \
	PIP_INDEX_URL and UV_DEFAULT_INDEX, behind a proxy HTTPS_PROXY, then try again."; exit 1; }
MESSAGES = $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

export UV_PROJECT_ENVIRONMENT = .venv
export UV_PYTHON_DOWNLOADS = never
# Modules are compiled once, not by each of the many processes that tests start.
unexport PYTHONDONTWRITEBYTECODE
# Trust whom the machine trusts, such as an office's own proxy.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= true
endif
ifdef PORT
export PORT
export SITE_URL ?= http://127.0.0.1:$(PORT)
endif

.PHONY: help setup run demo test check bench clean packages packages-for-tests environment
.DEFAULT_GOAL := help

help:  ## list what make can do
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

run: setup  ## set up, load the sample on the first start, serve http://127.0.0.1:8000
	@exec $(MANAGE) serve --sample

demo: setup  ## a whole fair without a browser: plan, booths, badges, one sealed memorandum
	@$(MANAGE) demo

test: packages-for-tests .venv/.test environment $(MESSAGES)  ## the whole suite on SQLite, then what meets a database on PostgreSQL
	$(PYTEST) --database=sqlite
	$(PYTEST) --database=postgresql -m "not browser and not flow"

check: export ENV_FILE = deploy/production.env
check: export VAR_DIR = var/check
check: packages .venv/.test $(MESSAGES)  ## lint, types, import order, migrations, deployment, translations, vendored files
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --deploy --fail-level WARNING
	env -u ENV_FILE -u VAR_DIR .venv/bin/pytest -q tests/locale tests/static

bench: packages-for-tests .venv/.test environment $(MESSAGES)  ## measure; figures and the machine go to var/bench/
	@.venv/bin/python -m bench.run
	@.venv/bin/python -m bench.planner
	@.venv/bin/python -m bench.first_paint
	@.venv/bin/python -m bench.allocation
	@.venv/bin/python -m bench.floor_plan
	@.venv/bin/python -m bench.sealing

clean:  ## remove what can be made again; your data in var/ stays
	rm -rf .venv var/setup var/check .mypy_cache .ruff_cache .import_linter_cache .hypothesis $(MESSAGES)
	find . -name __pycache__ -prune -exec rm -rf {} +

# --- steps; each is quick when nothing changed ------------------------------------------

setup: packages .venv/.run environment $(MESSAGES)  ## what `run` does first: packages, Python, .env, translations, tables
	@$(MANAGE) migrate --no-input --verbosity 0

packages:
	@$(PYTHON) deploy/packages.py run

packages-for-tests:
	@$(PYTHON) deploy/packages.py test

environment: .env

.env:
	cp .env.example .env

$(UV): | packages
	@$(PYTHON) -m venv var/setup/uv
	@var/setup/uv/bin/pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)" || $(OFFLINE)

.venv/.run: pyproject.toml uv.lock | packages $(UV)
	@echo "Python packages, as uv.lock names them …"
	@$(UV) sync --quiet --locked --no-dev --inexact --python $(PYTHON) || $(OFFLINE)
	@touch $@

.venv/.test: pyproject.toml uv.lock | packages $(UV)
	@echo "Python packages and those for tests, as uv.lock names them …"
	@$(UV) sync --quiet --locked --python $(PYTHON) || $(OFFLINE)
	@touch .venv/.run $@

%.mo: %.po | packages
	@msgfmt --check-format -o $@ $<
