# Every target prepares what it needs by itself; nothing has to be typed between them. `make` alone prints this list.
# Variables: PYTHON=/path/to/python3.13 (the interpreter to take), ARGS="-k name" (passed on to pytest, demo, ruff),
# RUNTIME=python3-science (a folder of deploy/runtimes, for make runtime; all of them without it), PROCESSES=4 (of tests).

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
ARGS ?=

# Where the environment forbids it to keep what it compiled, Python compiles all of it again in each of the hundreds of
# processes that tests start: scipy.stats alone takes two seconds. Empty means allowed.
export PYTHONDONTWRITEBYTECODE :=

# The options of every lock: hashes for all platforms, and nothing about where packages come from.
# UPGRADE=--upgrade takes the newest versions; without it what is locked stays, as far as it still fits.
UPGRADE ?=
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url $(UPGRADE)

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: bootstrap ## start the service and grade real submissions of every family over gRPC
	$(BIN)/python -m judge.cli.main demo $(ARGS)

# Files of tests are handed to so many processes, one after the other, in their order: the many short ones come last.
# More processes than cores take less time, for tests of jails and services wait half of it, and disturb each other more.
# Tests that measure come last, one after the other. Status 5 of pytest: ARGS leaves none of one sort.
PROCESSES ?= $(shell nproc)

.PHONY: test
test: bootstrap-dev ## run the tests (PROCESSES=4: in so many at a time)
	@first=0 last=0; \
	$(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder -m "not alone" $(ARGS) || first=$$?; \
	[ $$first -eq 0 ] || [ $$first -eq 5 ] || exit $$first; \
	$(BIN)/python -m pytest -m alone $(ARGS) || last=$$?; \
	[ $$last -ne 5 ] || exit $$first; \
	exit $$last

.PHONY: test-evidence
test-evidence: bootstrap-dev ## simulate statistical checkers as often as their pages say, not a quarter of it (minutes)
	EVIDENCE=full $(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile tests/evidence $(ARGS)

.PHONY: test-cgroup2
test-cgroup2: bootstrap-dev ## run the sandbox's contract tests on a kernel with cgroup version 2 (a minute or two)
	deploy/test_cgroup2.sh

.PHONY: test-kills
test-kills: bootstrap-dev ## kill services, workers, jails and databases in the middle of batches (KILLS=20: of 20 each)
	KILLS=$${KILLS:-1} $(BIN)/python -m pytest tests/integration/batch/test_kills.py \
		tests/integration/batch/test_shared_queue.py $(ARGS)

.PHONY: test-cluster
test-cluster: bootstrap-dev ## run a batch on three Ray nodes of this machine, and kill some of them (a minute or two)
	CLUSTER_ROUNDS=$${CLUSTER_ROUNDS:-1} $(BIN)/python -m pytest tests/integration/cluster $(ARGS)

.PHONY: lint
lint: bootstrap-dev ## check style and formatting
	$(BIN)/ruff check $(ARGS)
	$(BIN)/ruff format --check $(ARGS)

.PHONY: format
format: bootstrap-dev ## repair style and formatting
	$(BIN)/ruff check --fix $(ARGS)
	$(BIN)/ruff format $(ARGS)

.PHONY: typecheck
typecheck: bootstrap-dev ## check the types
	$(BIN)/mypy judge

.PHONY: protos
protos: bootstrap-dev ## generate judge/api from protos/
	deploy/protos.sh generate

.PHONY: check-protos
check-protos: bootstrap-dev ## compare judge/api with what protos/ generates
	deploy/protos.sh check

.PHONY: lock
lock: bootstrap-dev ## resolve all dependencies again (UPGRADE=--upgrade for the newest versions)
	$(LOCK) --extra dev pyproject.toml -o deploy/locks/dev.txt >/dev/null
	$(LOCK) -c deploy/locks/dev.txt pyproject.toml -o deploy/locks/service.txt >/dev/null
	$(LOCK) -c deploy/locks/dev.txt deploy/locks/tools.in -o deploy/locks/tools.txt >/dev/null
	for spec in deploy/runtimes/*/; do \
		$(LOCK) "$${spec}requirements.in" -o "$${spec}requirements.txt" >/dev/null; \
	done
	! grep -n '://' deploy/locks/*.txt deploy/runtimes/*/requirements.txt

RUNTIME ?= $(notdir $(patsubst %/,%,$(wildcard deploy/runtimes/*/)))

.PHONY: runtime
runtime: ## build the candidate runtimes again, even if nothing has changed (RUNTIME=name: only that one)
	deploy/bootstrap.sh --no-runtime
	for name in $(RUNTIME); do \
		$(BIN)/python -I deploy/build_runtime.py "$$name" --spec "deploy/runtimes/$$name" --uv $(BIN)/uv --force; \
	done

.PHONY: bootstrap
bootstrap: ## prepare this machine: python, .venv, system libraries, candidate runtimes
	@deploy/bootstrap.sh

.PHONY: bootstrap-dev
bootstrap-dev:
	@deploy/bootstrap.sh --dev

.PHONY: clean
clean: ## remove .venv, caches and build results (candidate runtimes stay)
	rm -rf .venv build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
