# Every target works from a fresh clone: it makes .venv and installs what it needs first. Nothing needs root.
# The tests run on the installed wheel, not on src/, so what is tested is what a user gets.

.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.standoff-installed
PIP := -m pip --quiet --disable-pip-version-check install
UV := uv==0.13.9
EXPORT := $(BIN)/uv --quiet --no-cache export --frozen --no-header --no-emit-project
# Where a shell forbids it, nothing of what Python and pytest compile is kept, and each process that tests reads 40,000
# lines of them anew: 10 seconds of processor time at each start.
unexport PYTHONDONTWRITEBYTECODE
RUNS ?= 2000
SINCE ?= HEAD~1
COUNT ?= 40
SEED ?= 1

PACKAGE := $(shell find src viewer hatch_build.py LICENSE README.md -type f \
	-not -path '*/node_modules/*' -not -path '*/__pycache__/*' -not -path '*/report/static/*' \
	-not -path '*/engine/libraries/*' 2>/dev/null)

.PHONY: help setup develop demo check test proofs versions lowest gambit mutants lock golden ui kernel types verify bench docs figures screenshots clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo >&2 \
	"standoff needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo >&2 \
	"$(PYTHON) cannot make a virtual environment here. On Debian: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# What uv.lock names is installed by pip, through whatever index pip is set up with, and only if it has the lock's digests;
# the compiler of the engine's kernel too, and Node where the machine has none. Later installs only replace the package, in .venv itself, which is quick, needs no
# network and takes nothing that is not locked.
$(VENV)/.dependencies-installed: uv.lock | $(BIN)/python
	$(BIN)/python $(PIP) '$(UV)'
	$(EXPORT) --extra dev --output-file $(VENV)/locked.txt >/dev/null
	$(BIN)/python $(PIP) --require-hashes --requirement $(VENV)/locked.txt
	$(EXPORT) --only-group kernel --output-file $(VENV)/locked-kernel.txt >/dev/null
	$(BIN)/python $(PIP) --require-hashes --requirement $(VENV)/locked-kernel.txt
	$(EXPORT) --only-group page --output-file $(VENV)/locked-page.txt >/dev/null
	$(BIN)/python hatch_build.py || $(BIN)/python $(PIP) --require-hashes --requirement $(VENV)/locked-page.txt
	@touch $@

$(STAMP): $(VENV)/.dependencies-installed $(PACKAGE)
	$(BIN)/python $(PIP) --no-deps --no-build-isolation --force-reinstall .
	@touch $@

setup: $(STAMP) ## make .venv and install the wheel of this checkout with the developer's tools

develop: $(VENV)/.dependencies-installed ## install src/ in place, so that edits count at once (`make test` goes back to the wheel)
	$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@rm -f $(STAMP)

kernel: $(VENV)/.dependencies-installed ## build the engine's kernel for src/ as it is, after an edit of its C (for `make develop`)
	$(BIN)/python hatch_build.py kernel

demo: setup ## run the 2017 scenario, print its questions and the path of its report
	$(BIN)/standoff run eastern-syria-2017 --runs $(RUNS) --seed 1

check: setup ## ruff, mypy and the house test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet tests/test_house.py

test: setup ## ruff, mypy, and all tests but the slow proofs
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

proofs: setup ## the slow proofs, which `make test` leaves out: all bundled scenarios, all sizes of screen
	$(BIN)/python -m pytest -m slow --timeout 600 --numprocesses auto --dist worksteal

versions: setup ## what Python's version can change, tested on each other version that this machine has
	$(BIN)/python tools/versions.py

lowest: setup ## the tests on the lowest releases that pyproject.toml allows
	$(BIN)/python tools/versions.py --lowest

# Beside .venv, which stays what the lock says; pygambit 16 is compiled on Linux, with a compiler for C++.
gambit: setup ## the tests of Gambit on pygambit 16 and 17, which are installed beside .venv
	@$(EXPORT) --extra dev --no-hashes --output-file $(VENV)/constraints.txt >/dev/null
	for version in 16.7.0 17.0.0b2; do \
	$(BIN)/python $(PIP) --constraint $(VENV)/constraints.txt --target $(VENV)/pygambit-$$version --upgrade \
	pygambit==$$version && PYTHONPATH=$(VENV)/pygambit-$$version $(BIN)/python -m pytest tests/test_strategy_gambit.py \
	--numprocesses auto || exit 1; done

mutants: setup ## break the newest code on purpose and print what no test notices (SINCE=HEAD~1 COUNT=40 SEED=1)
	$(BIN)/python tools/mutants.py --since $(SINCE) --count $(COUNT) --seed $(SEED)

lock: $(VENV)/.dependencies-installed ## bring uv.lock up to date with pyproject.toml (UPGRADE=--upgrade: and take the newest releases)
	$(BIN)/uv lock $(UPGRADE)

golden: setup ## rewrite the golden files of conformance/; read the diff before you commit it
	$(BIN)/python tools/write_golden.py

ui: ## build the report's page from viewer/
	cd viewer && npm ci --no-audit --no-fund && npm run build

types: setup ## write the page's TypeScript types from the report's dataclasses
	$(BIN)/python tools/write_types.py

verify: setup ## the statistical checks with ten times the runs, the property tests with ten times the examples
	STANDOFF_VERIFY=10 $(BIN)/python -m pytest -m 'statistical or hypothesis' --timeout 600 --numprocesses auto

# Rivals may not move what is locked: the tests run in the same environment afterwards.
$(VENV)/.rivals-installed: benchmarks/rivals.txt | $(STAMP)
	@$(EXPORT) --extra dev --no-hashes --output-file $(VENV)/constraints.txt >/dev/null
	@$(BIN)/python $(PIP) --constraint $(VENV)/constraints.txt --requirement benchmarks/rivals.txt \
	&& touch $@ || echo >&2 "some rivals could not be installed; the tables say which"

bench: setup $(VENV)/.rivals-installed ## waits, ensembles, memory, speed beside C floors and rivals; writes benchmarks/results/ (BENCH='--only waits')
	$(BIN)/python -m benchmarks $(BENCH)

docs: setup ## rewrite what is generated in docs/: language, faults, schemas, API, code map
	$(BIN)/python tools/write_docs.py

figures: setup ## draw the questions of each bundled scenario over 500 runs into docs/
	$(BIN)/python tools/draw_figures.py

screenshots: setup ## photograph the reports of two scenarios into docs/screenshots/, with a Chromium
	$(BIN)/python tools/take_screenshots.py

clean: ## remove what was built; .venv and runs stay
	rm -rf dist build benchmarks/build src/standoff/report/static src/standoff/engine/libraries .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.venv*' -not -path '*/node_modules/*' -prune -exec rm -rf {} +
