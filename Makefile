# Every target sets itself up: a virtual environment in .venv and, for the tests, the programs they call.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint format proof bench system clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

demo: .venv/installed  ## a blank workbook, a filled sample and its analysis in demo/
	$(BIN)/sheetkit demo demo/

test: .venv/installed-test system  ## everything that must hold before a change goes in
	$(BIN)/ruff check .
	@$(BIN)/mypy & types=$$!; $(BIN)/python -m pytest -q -n auto --dist loadfile; held=$$?; wait $$types && exit $$held

lint: .venv/installed-test  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/installed-test  ## mend what ruff can mend by itself
	$(BIN)/ruff check --fix .

proof: .venv/installed-test system  ## the long proofs, too slow for every run
	$(BIN)/python -m pytest -q -n auto --dist loadfile -m proof

bench: .venv/installed-test system  ## how long things take
	$(BIN)/python -m benchmarks

system: node_modules/installed
	@scripts/setup-system.sh

clean:
	rm -rf .venv node_modules build demo *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sheetkit needs Python 3.11 or newer; this one is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv

.venv/installed: setup.cfg pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/installed-test: setup.cfg pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --editable '.[test]'
	@touch .venv/installed $@

node_modules/installed: package.json scripts/setup-system.sh
	@scripts/setup-system.sh
	npm install --silent
	@touch $@
