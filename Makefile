# make up      set everything up and start the site (PORT=8000 HOST=127.0.0.1 DATA_DIR=data)
# make test    the whole suite, on SQLite and on PostgreSQL
# make help    all targets
PYTHON ?= python3.11
PY := .venv/bin/python
MEMBERS ?= 40
SEED ?= 1
export PYTHONDONTWRITEBYTECODE = 1

.PHONY: up demo harvest test test-sqlite test-postgres test-browser browser check format bench lock help

up: .venv/.ready ## set everything up and start the site
	@exec $(PY) manage.py up

demo: .venv/.ready ## fill a believable study group (MEMBERS=40 SEED=1)
	@$(PY) manage.py demo --members $(MEMBERS) --seed $(SEED)

harvest: .venv/.ready ## read arXiv's feeds now, or one file (FILE=feed.xml CATEGORY=cs.LG)
	@$(PY) manage.py harvest $(FILE) $(if $(CATEGORY),--category $(CATEGORY))

test: test-sqlite test-postgres ## the whole suite on both databases

test-sqlite: .venv/.dev
	@$(PY) -m pytest -n auto

test-postgres: .venv/.dev
	@$(PY) -m config.testing_postgres $(PY) -m pytest -n auto

browser: ## install Chromium from the distribution, where there is none
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  $$( [ "$$(id -u)" = 0 ] || echo sudo ) apt-get update -qq && \
	  $$( [ "$$(id -u)" = 0 ] || echo sudo ) apt-get install -y -qq --no-install-recommends chromium; }

test-browser: .venv/.dev browser ## the journeys in a real browser
	@$(PY) -m pytest browser_tests

check: .venv/.dev ## style, types, layers, migrations, deployment settings, licences
	@$(PY) -m config.checks

format: .venv/.dev ## put Python and templates in shape
	@.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q .
	@.venv/bin/djade --target-version 5.2 $$(git ls-files 'templates/*.html') || true
	@.venv/bin/djhtml --tabwidth 2 $$(git ls-files 'templates/*.html') || true

bench: .venv/.dev ## measure pages and the digest against the floor
	@$(PY) -m bench

# The lock files hold hashes and no index; uv installs from them, pip where uv cannot.
PIP := $(PY) -m pip install -q --disable-pip-version-check --require-hashes
UV := .venv/bin/uv pip install -q --system-certs --python $(PY) --require-hashes
.venv/.ready: requirements/base.txt requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt-get install python3.11-venv"; exit 1; }
	@echo "Installing packages (once) ..."
	@{ $(PIP) -r requirements/bootstrap.txt && $(UV) -r requirements/base.txt; } || $(PIP) -r requirements/base.txt
	@touch $@

.venv/.dev: .venv/.ready requirements/dev.txt
	@$(UV) -r requirements/dev.txt || $(PIP) -r requirements/dev.txt
	@touch $@

lock: .venv/.ready ## pin every package with its hashes
	@for f in base dev bootstrap; do .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url requirements/$$f.in -o requirements/$$f.txt; done

help:
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16
