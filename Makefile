# make up      set everything up and start the site (PORT=8000 HOST=127.0.0.1 DATA_DIR=data)
# make test    the whole suite on SQLite, and on PostgreSQL what uses a database
# make help    all targets
PYTHON ?= python3.11
PY := .venv/bin/python
MEMBERS ?= 40
SEED ?= 1
RUNS ?= 100
CHAOS_MEMBERS ?= 300
MINUTES ?= 0
unexport PYTHONDONTWRITEBYTECODE  # a start without compiled files takes five times as long

.PHONY: up demo harvest test test-sqlite test-postgres test-browser coverage mutants browser check validate format secrets chaos chaos-short bench bench-digest s3 lock help

up: .venv/.ready ## set everything up and start the site (PORT=8000 HOST=127.0.0.1 DATA_DIR=data)
	@exec $(PY) manage.py up

demo: .venv/.ready ## fill a believable study group (MEMBERS=40 SEED=1 DATA_DIR=data)
	@$(PY) manage.py demo --members $(MEMBERS) --seed $(SEED)

harvest: .venv/.ready ## read arXiv's feeds now, or one file (FILE=feed.xml CATEGORY=cs.LG)
	@$(PY) manage.py harvest $(FILE) $(if $(CATEGORY),--category $(CATEGORY))

test: test-sqlite test-postgres ## the whole suite on SQLite, then on PostgreSQL what uses a database

test-sqlite: .venv/.dev
	@$(PY) -m pytest -n auto --dist worksteal

test-postgres: .venv/.dev
	@$(PY) -m operate.testing_postgres $(PY) -m pytest -n auto --dist worksteal --only-database

# Actions, answers and pure modules: see docs/architecture.md. The first table shows what they miss.
# Walks over all addresses count for nothing here (no_cover): they run every page and know little of each.
WHOLE := */actions.py,*/actions/*,bookmarks/dates.py,community/polls/counting.py,curriculum/changes/*,curriculum/difference.py,curriculum/fileformat/*,curriculum/news.py,curriculum/outline.py,curriculum/yamltext/*,documents/concepts.py,documents/likeness.py,documents/moments.py,documents/query.py,documents/ranking.py,lists/*,papers/arxiv/*,papers/repair.py,papers/ranking.py,papers/vocabulary.py,pictures/encoding.py,pictures/formats.py,pictures/kinds.py,pictures/refusals.py,pictures/remaking.py,progress/carrying.py,progress/core.py,progress/counting.py,progress/replay.py,progress/tally.py,progress/trail.py,progress/week.py,search/spelling.py,text/*
coverage: .venv/.dev ## lines and branches that the suite runs, with the least that is allowed
	@$(PY) -m pytest -n auto --dist worksteal --cov --cov-report=
	@failed=0; $(PY) -m coverage report --include='$(WHOLE)' --skip-covered --show-missing --fail-under=100 || failed=1; \
	  $(PY) -m coverage report --format=total --fail-under=95 && exit $$failed

mutants: .venv/.dev ## wrong versions of an app that no test sees (APP=curriculum COUNT=20 SEED=1)
	@$(PY) -m operate.mutants $(APP) --count $(or $(COUNT),20) --seed $(SEED)

browser: ## install Chromium from the distribution, where there is none
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  $$( [ "$$(id -u)" = 0 ] || echo sudo ) apt-get update -qq && \
	  $$( [ "$$(id -u)" = 0 ] || echo sudo ) apt-get install -y -qq --no-install-recommends chromium; }

# One more than processors: a browser waits half a second at each page for the network to be still.
BROWSERS = $$($(PY) -c 'import os; print(os.cpu_count() + 1)')
# What failed is tried once more, alone and from the beginning: see docs/decisions/0151.
test-browser: .venv/.dev browser ## the journeys in a real browser
	@$(PY) -m pytest -n $(BROWSERS) --dist loadfile --no-loadscope-reorder $(or $(FILES),browser_tests) \
	  || { [ $$? = 1 ] && echo "Once more, alone:" \
	  && $(PY) -m pytest -p no:xdist --last-failed --last-failed-no-failures none --maxfail 1 -rA $(or $(FILES),browser_tests); }

validate: .venv/.dev .validator/node_modules/vnu-jar ## the HTML of every page, by the Nu Html Checker (needs npm and Java 17)
	@$(PY) -m pytest -p no:xdist validate

.validator/node_modules/vnu-jar:
	@npm install --silent --no-save --no-package-lock --ignore-scripts --prefix .validator vnu-jar@26.9.27

check: .venv/.dev ## style, types, layers, migrations, deployment settings, licences
	@$(PY) -m operate.checks

format: .venv/.dev ## put Python and templates in shape
	@.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q .
	@.venv/bin/djade --target-version 5.2 $$(git ls-files 'django_templates/*.html') || true
	@.venv/bin/djhtml --tabwidth 2 $$(git ls-files 'templates/*.html' 'django_templates/*.html') || true

secrets: ## write the secrets of docker-compose.yml into the folder secrets
	@$(PYTHON) docker/make_secrets.py

chaos: .venv/.dev ## digest runs under every fault (RUNS=100 on each database, CHAOS_MEMBERS=300, MINUTES=0 for no limit)
	@$(PY) -m chaos --runs $(RUNS) --members $(CHAOS_MEMBERS) --minutes $(MINUTES)

chaos-short: .venv/.dev ## three of these runs, as every change must pass them
	@$(PY) -m chaos --short

bench: .venv/.dev ## measure pages against the floor (DB=sqlite SIZE=large PARTS=pages,search BESIDE=/another/checkout SAVE=1)
	@$(PY) -m bench

bench-digest: .venv/.dev ## measure a digest run (DB=sqlite SIZE=large MAILS=3000 SAVE=1)
	@$(PY) -m bench.digest

# The lock files hold hashes and no index; uv installs from them, pip where uv cannot.
PIP := $(PY) -m pip install -q --disable-pip-version-check --require-hashes
UV := .venv/bin/uv pip install -q --system-certs --compile-bytecode --python $(PY) --require-hashes
.venv/.ready: requirements/base.txt requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -w . || { echo "This folder cannot be written, and packages go into .venv in it: run make as the account that owns it."; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt-get install python3.11-venv"; exit 1; }
	@echo "Installing packages (once) ..."
	@{ $(PIP) -r requirements/bootstrap.txt && $(UV) -r requirements/base.txt; } || $(PIP) -r requirements/base.txt
	@touch $@

.venv/.dev: .venv/.ready requirements/dev.txt
	@$(UV) -r requirements/dev.txt || $(PIP) -r requirements/dev.txt
	@touch $@

s3: .venv/.ready ## what pictures in an S3-compatible store need (FILES_URL)
	@$(UV) -r requirements/s3.txt || $(PIP) -r requirements/s3.txt

lock: .venv/.ready ## pin every package with its hashes
	@for f in base s3 dev bootstrap; do .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url requirements/$$f.in -o requirements/$$f.txt; done

help:
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16
