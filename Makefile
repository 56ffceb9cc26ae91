# Everything a person types. Each target does all the set-up that it needs, and is quick the second time.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PORT ?= 4566
VENV := .venv
BIN := $(abspath $(VENV))/bin
READY := $(VENV)/.ready
CHECKS := .venv-checks
CHECKS_READY := $(CHECKS)/.ready
PEERS := .venv-peers
PEERS_READY := $(PEERS)/.ready
# Of the demo: plain, the whole day, or faults, a night in which everything goes wrong once.
NIGHT ?= plain
# More for the benchmarks, such as --on-busy-machine or --only NAME.
BENCH ?=
# Two at a time. What one file tests stays together, for it may share a sandbox; the day itself is one file. Which
# files come first, the tests say: many tests are not a long file.
AT_ONCE := -n 2 --dist loadfile --no-loadscope-reorder
# Of the conformance run: another seed, another number of calls, and 1 to keep the codes of the refusals.
SEED ?=
CALLS ?=
KEEP ?=
# Of the simulation: how many nights, in how many processes, seconds for pairs of interruptions, and faults to plant.
NIGHTS ?=
JOBS ?=
PAIRS ?=
PLANTED ?=
# Of the mutation run: only the modules whose path has this in it.
ONLY ?=
COMPILED := build/check
NODE := tests/guardrails/node
NODE_READY := $(NODE)/node_modules/.package-lock.json
PYTHON_SOURCES := layers functions cli sandbox tests benchmarks tools

# SAM's builders and MiniStack's workers look for python3.13 and sam on the path.
export PATH := $(BIN):$(PATH)
# Every process of a test or a demo would compile anew what the one before it compiled.
export PYTHONDONTWRITEBYTECODE :=
export SAM_CLI_TELEMETRY := 0

.PHONY: help
help: ## Say what can be typed
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: setup
setup: $(READY) $(CHECKS_READY) $(NODE_READY) ## Create .venv and .venv-checks and install everything into them

$(READY): requirements/dev.txt layers/vendor/requirements.txt pyproject.toml
	@test -x $(BIN)/python || tools/create_venv $(VENV)
	@echo "Installing the pinned packages (about a minute, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The linters of templates and IAM documents pin what the rest cannot live with, so they live alone.
$(CHECKS_READY): requirements/checks.txt
	@test -x $(CHECKS)/bin/python || tools/create_venv $(CHECKS)
	@echo "Installing the pinned linters of templates (about twenty seconds, once) ..."
	@$(CHECKS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/checks.txt
	@touch $@

# What the benchmarks compare us with. Its pins are whole, and its own wish for another SDK does not count: hence --no-deps.
$(PEERS_READY): requirements/peers.txt
	@test -x $(PEERS)/bin/python || tools/create_venv $(PEERS)
	@echo "Installing the pinned peers (about ten seconds, once) ..."
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements/peers.txt
	@touch $@

# A second engine for the guardrails' matrix. Without npm its tests are not collected.
$(NODE_READY): $(NODE)/package-lock.json
	@if command -v npm >/dev/null; then npm --prefix $(NODE) ci --silent --no-audit --no-fund; else mkdir -p $(@D) && touch $@; fi

.PHONY: demo
demo: $(READY) ## Play the scripted day in the sandbox, print the timeline, write build/demo.json; NIGHT=faults: all goes wrong; NIGHT=paths: each way back
	@$(BIN)/python -m sandbox.demo --port $(PORT) --night $(NIGHT) --out build/demo$(if $(filter-out plain,$(NIGHT)),-$(NIGHT)).json

.PHONY: sandbox
sandbox: $(READY) ## Keep the sandbox running; Ctrl-C stops all of it
	@exec $(BIN)/python -m sandbox --port $(PORT)

.PHONY: test
test: $(READY) $(CHECKS_READY) $(NODE_READY) ## Run every test that needs no cloud
	@$(BIN)/python -m pytest $(AT_ONCE)

.PHONY: conformance
conformance: $(READY) ## Make ten thousand calls out of AWS's models; SEED=, CALLS= and KEEP=1 make others and keep the codes
	@SEED=$(SEED) CALLS=$(CALLS) KEEP=$(KEEP) $(BIN)/python -m pytest --quiet --capture=no tests/conformance

.PHONY: mutation
mutation: $(READY) ## Change each deciding module in every small way and list what no test notices (minutes); ONLY=part of a path
	@$(BIN)/python -m tools.mutation --only "$(ONLY)"
	@$(BIN)/python -m tools.mutation.named --only "$(ONLY)"

.PHONY: simulation
simulation: $(READY) ## Play nights under faults and say what does not hold; NIGHTS=, SEED=, PAIRS=seconds, PLANTED=all
	@$(BIN)/python -m tests.simulation --nights $(or $(NIGHTS),500) --seed $(or $(SEED),0) --jobs $(or $(JOBS),1) --pairs $(or $(PAIRS),0) --planted "$(PLANTED)"

.PHONY: mutants
mutants: $(READY) ## Change records of creations and of changed tags at random, a hundred thousand times each (minutes)
	@MUTANTS=20000 $(BIN)/python -m pytest --quiet --capture=no --timeout 900 tests/security/test_odd_creations.py tests/security/test_odd_tag_changes.py

.PHONY: bursts
bursts: $(READY) ## Play five thousand creations within a minute, by five seeds, in simulated time (minutes)
	@BURSTS=5 $(BIN)/python -m pytest --quiet --capture=no --timeout 900 tests/simulation/test_bursts.py

.PHONY: search
search: $(READY) ## Come to every state that a small ceremony can come to, deeper than the tests do (half an hour), and say how many
	@SEARCH=deep $(BIN)/python -m pytest --quiet --capture=no tests/search

.PHONY: check
check: $(READY) $(CHECKS_READY) $(NODE_READY) ## Formatting, lint, types, import contracts, templates, then every test
	@$(BIN)/ruff format --check $(PYTHON_SOURCES)
	@$(BIN)/ruff check $(PYTHON_SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@for template in template.yaml audit/template.yaml; do $(BIN)/sam validate --lint --template-file $$template; done
	@$(BIN)/strongroom compile strongroom.yaml --out $(COMPILED) >/dev/null
	@$(BIN)/cfn-lint template.yaml audit/template.yaml stacks/*.yaml $(COMPILED)/stacks/*.yaml
	@$(CHECKS)/bin/checkov --config-file .checkov.yaml --file template.yaml audit/template.yaml stacks/*.yaml $(COMPILED)/stacks/management.yaml $(COMPILED)/stacks/members.yaml
	@$(BIN)/python -m pytest $(AT_ONCE)
	@$(MAKE) --no-print-directory wheel

.PHONY: wheel
wheel: $(READY) ## Build the wheel, install it where nothing else is, and run every verb there
	@$(BIN)/python -m pytest -m wheel

.PHONY: bench
bench: $(READY) ## Run the benchmarks, print a table, write build/bench.json; BENCH=--on-busy-machine insists
	@$(BIN)/python -m benchmarks --out build/bench.json $(BENCH)

.PHONY: bench-peers
bench-peers: $(READY) $(PEERS_READY) ## The same, beside Cloud Custodian, which it installs into .venv-peers
	@$(BIN)/python -m benchmarks --peers $(PEERS) --out build/bench.json $(BENCH)

.PHONY: reference
reference: $(READY) ## Write anew what is generated: reference and JSON Schema of the intent, who may import whom, the threats
	@$(BIN)/python -m tools.write_reference

.PHONY: lock
lock: $(READY) ## Pin the newest packages, with their hashes
	@$(BIN)/uv pip compile --quiet --upgrade requirements/vendor.in --python-version 3.13 --universal --generate-hashes \
		--no-annotate --no-header --no-emit-index-url --no-emit-find-links --output-file layers/vendor/requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade pyproject.toml requirements/dev.in --constraint layers/vendor/requirements.txt \
		--python-version 3.13 --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
		--no-emit-find-links --output-file requirements/dev.txt
	@$(BIN)/uv pip compile --quiet --upgrade requirements/checks.in --python-version 3.13 --universal --generate-hashes \
		--no-annotate --no-header --no-emit-index-url --no-emit-find-links --output-file requirements/checks.txt
	@grep -oE '^(boto3|botocore|s3transfer)==[^ ]+' requirements/dev.txt | $(BIN)/uv pip compile --quiet --upgrade requirements/peers.in \
		--override - --python-version 3.13 --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
		--no-emit-find-links --output-file requirements/peers.txt

.PHONY: clean
clean: ## Remove what was built
	@rm -rf build .aws-sam
