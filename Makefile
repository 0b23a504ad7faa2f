# Two commands matter: `make run` and `make test`. Each works as the first thing typed on a fresh machine
# that has python3 (3.11 or newer), pip and make. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
TONGBAN_HOME ?= $(CURDIR)/var/demo
BIN := .venv/bin
export PORT TONGBAN_HOME
export PYTHONPATH := src
UV_VERSION := 0.13.9

.PHONY: help install system run run-postgres messages test check lint types contracts unit race journeys browser pictures kills bench lock clean

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

.uv/bin/uv:
	@$(PYTHON) -m pip install -q --disable-pip-version-check --root-user-action=ignore --no-deps --target .uv uv==$(UV_VERSION)

.venv/stamp-%: requirements/%.txt .uv/bin/uv
	@test -x $(BIN)/python || .uv/bin/uv venv -q --python $(PYTHON) .venv
	@.uv/bin/uv pip sync -q --require-hashes requirements/$*.txt
	@rm -f .venv/stamp-* && touch $@

install: .venv/stamp-dev  ## Install the locked Python packages into .venv

system: .venv/stamp-dev  ## Install the Debian packages the tests need (as root), or name them
	@$(BIN)/python scripts/system_packages.py

run: $(if $(wildcard .venv/stamp-dev),.venv/stamp-dev,.venv/stamp-base)  ## Start the platform, its worker and the business systems with demo data
	@exec $(BIN)/python -m tongban demo

run-postgres: system  ## The same on a PostgreSQL server of its own, with two servers and two workers
	@exec $(BIN)/python scripts/postgres.py --keep $(TONGBAN_HOME)-postgres/database \
	  env TONGBAN_HOME=$(TONGBAN_HOME)-postgres $(BIN)/python -m tongban demo --servers 2 --workers 2

messages: system  ## Collect the texts to translate, and compile the translations
	@scripts/messages src/tongban
	@$(BIN)/python scripts/neighbour_messages src/neighbours

test: system check  ## Run every check and every test
	@scripts/test

check: lint types contracts  ## Lint, types, import contracts

lint: .venv/stamp-dev
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .
	@$(BIN)/djlint --quiet --lint src

types: .venv/stamp-dev
	@$(BIN)/mypy

contracts: .venv/stamp-dev
	@$(BIN)/lint-imports --no-cache | tail -n 3

unit: .venv/stamp-dev  ## Run the unit and architecture tests only
	@$(BIN)/pytest -q -n 2 tests/unit tests/architecture

journeys: .venv/stamp-dev  ## Run the journeys over HTTP
	@$(BIN)/pytest -q -n 2 tests/journeys

browser: system  ## Run the browser tests in Chromium
	@$(BIN)/pytest -q tests/browser

kills: system  ## Kill server and worker at 50 random moments on each database (CI: at a few)
	@TONGBAN_TEST_KILLS=50 $(BIN)/pytest -q tests/kills/test_platform.py
	@TONGBAN_TEST_KILLS=50 $(BIN)/python scripts/postgres.py $(BIN)/pytest -q tests/kills/test_platform.py

pictures: system  ## Draw the pictures of the guide for transferred users anew
	@TONGBAN_DRAW_PICTURES=1 $(BIN)/pytest -q tests/browser/test_pictures.py

bench: system  ## Measure what a request costs against a bare password verification
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.desk
	@$(BIN)/python -m bench.suites
	@$(BIN)/python -m bench.transfer
	@$(BIN)/python -m bench.uniformity
	@$(BIN)/python -m bench.search

lock: .uv/bin/uv  ## Lock the requirements again (hashes, no addresses)
	@for name in base dev; do \
	  .uv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	    --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done

clean:  ## Remove what the commands made
	@rm -rf .venv .uv var test-results .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
