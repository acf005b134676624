# rasoat: `make demo` shows it at work, `make test` proves it. Both need Python 3.11 or newer and nothing else
# to begin with; pip takes packages from whichever index this machine is set up for.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= out
REPORTS ?= samples/reports
DB ?= $(OUT)/demo.db
JOBS ?= 2
PYTEST_ARGS ?=
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# pip and setuptools print warnings that a reader of the demo can do nothing about; they are shown when a step fails.
quietly = @said=$$($(1) 2>&1) || { status=$$?; echo "$$said" >&2; exit $$status; }

# What the tests use of Debian. The program itself runs without; OCR and old .doc files need the first three.
DEBIAN := tesseract-ocr tesseract-ocr-vie libreoffice-writer-nogui libreoffice-calc-nogui fonts-liberation2 fonts-dejavu-core \
	chromium poppler-utils

.PHONY: help demo test system accuracy mutate district soak bench samples shots docs lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.installed ## read REPORTS (default: the samples) into DB and print the findings
	@mkdir -p "$(dir $(DB))"
	@status=0; $(BIN)/rasoat ingest "$(REPORTS)" --db "$(DB)" || status=$$?; \
	if [ $$status -le 1 ]; then $(BIN)/rasoat findings --db "$(DB)"; fi; \
	if [ $$status -eq 1 ]; then $(BIN)/rasoat files --db "$(DB)" --failed; fi; exit $$status

test: $(VENV)/.installed-test system ## lint, types, walls between the rooms, all tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

system: ## the Debian packages that the tests use, where they are missing and may be installed
	@missing=""; for p in $(DEBIAN); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	[ -n "$$missing" ] || exit 0; \
	if ! command -v apt-get >/dev/null; then echo "not on Debian; the tests need:$$missing" >&2; exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then as=""; elif sudo -n true 2>/dev/null; then as="sudo -n"; \
	else echo "may not install; the tests need:$$missing" >&2; exit 0; fi; \
	$$as apt-get update -qq; \
	$$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null

accuracy: $(VENV)/.installed-test ## precision and recall on all gold; gains and losses against the last result
	$(BIN)/python -m bench.accuracy

mutate: $(VENV)/.installed-test ## seed faults in consistent reports; recall by rule, false alarms
	$(BIN)/python -m bench.mutate

district: $(VENV)/.installed-test ## seed faults between the reports of a district: recall, false alarms; its sheet against the gold
	$(BIN)/python -m bench.district
	$(BIN)/python -m bench.sheet

soak: $(VENV)/.installed-test ## a batch that is killed again and again
	$(BIN)/python -m bench.soak

bench: $(VENV)/.installed-test ## speed of reading, extraction and checks
	$(BIN)/python -m bench.speed

samples: $(VENV)/.installed-test ## build samples/reports and samples/gold from samples/marked
	$(BIN)/python -m samples.build

shots: $(VENV)/.installed-test ## the pictures of the inspectors' page in docs/images
	$(BIN)/python -m docs.shots

docs: $(VENV)/.installed ## the pages in docs/ that are generated from data
	$(BIN)/python -m docs.pages

# A venv needs ensurepip, which Debian packs apart from Python itself.
$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then as=""; else as="sudo -n"; fi; \
	  $$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; }
	$(PYTHON) -m venv $(VENV)

# Every archive is checked against the hashes of the lock; the package itself builds with the locked setuptools.
$(VENV)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing the locked requirements into $(VENV)"
	$(call quietly,$(PIP) install -q --require-hashes -r requirements.txt)
	$(call quietly,$(PIP) install -q --no-deps --no-build-isolation -e .)
	@touch $@

$(VENV)/.installed-test: requirements-test.txt $(VENV)/.installed
	@echo "installing what the tests need into $(VENV)"
	$(call quietly,$(PIP) install -q --require-hashes -r requirements-test.txt)
	@touch $@

COMPILE := $(BIN)/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate
lock: | $(BIN)/python ## renew both requirement locks: names, versions and hashes, nothing else
	$(PIP) install -q pip-tools
	$(COMPILE) --extra communes -o requirements.txt pyproject.toml
	$(COMPILE) --extra test -c requirements.txt -o requirements-test.txt pyproject.toml
	sed -i -E '/^(#|--|$$)/d' requirements.txt requirements-test.txt  # where the archives came from is not ours to say

clean: ## remove what make built
	rm -rf $(VENV) $(OUT) build ./*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
