# The only commands a newcomer needs. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: install
install: $(INSTALLED) ## install Kesos and its tools, as locked, into .venv (python3 >= 3.11 with venv)

$(INSTALLED): requirements/install.sh requirements/uv.txt requirements/dev.txt pyproject.toml
	@bash requirements/install.sh $(VENV)
	@touch $@

.PHONY: demo
demo: install ## build two releases from synthetic sources and explain one person (about 3 minutes)
	$(BIN)/python demo/run.py

.PHONY: test
test: install ## run every test
	$(BIN)/python -m pytest

.PHONY: check
check: install ## format, lint, types, storeys, dead code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture

.PHONY: bench bench-synth bench-release bench-determine bench-link bench-link-sensitivity
bench: bench-synth bench-release bench-determine ## measure: each prints a table

bench-synth: install ## measure the synthetic population: persons a second, memory
	$(BIN)/python benchmarks/synth.py

bench-release: install ## measure a release build: time and memory by step
	$(BIN)/python benchmarks/release.py

bench-determine: install ## measure ten programmes over ten million persons, facts included
	$(BIN)/python benchmarks/determine.py

bench-link: install ## measure the linker on a million records, beside Splink 5 (about 15 minutes)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements/bench.txt
	$(BIN)/python benchmarks/link_nation.py

bench-link-sensitivity: install ## measure the linker on worlds with other error rates and seeds (about 20 minutes)
	$(BIN)/python benchmarks/link_sensitivity.py

.PHONY: bench-audit
bench-audit: install ## measure the audit of a million payees against ten million persons (about 6 minutes)
	$(BIN)/python benchmarks/audit.py

.PHONY: docs
docs: install ## write the generated pages of docs/reference anew
	$(BIN)/python docs/reference_pages.py

.PHONY: messages
messages: install ## write the catalogues of messages anew from the code, and compile them
	$(BIN)/python docs/message_catalogues.py

.PHONY: lock
lock: install ## pin the newest versions that the ranges allow, with hashes and without addresses
	cd requirements && for set in uv run dev bench; do ../$(COMPILE) --upgrade $$set.in --output-file $$set.txt; done

.PHONY: clean
clean: ## remove what was built or installed here (never a lake or a key)
	rm -rf $(VENV) build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests docs demo -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
