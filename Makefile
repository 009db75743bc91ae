# Everything a newcomer runs. `make help` lists it.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
PROCESSES ?= auto
BIN := .venv/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

# What a change may have to add elsewhere: each of these tests names the file and, where it can, the text.
COMPLETE := tests/deploy/test_deployment.py tests/portal/test_admin_names.py tests/portal/test_documentation.py \
	tests/privacy/export/test_copy_format.py tests/privacy/inventory/test_personal_data.py \
	tests/privacy/notices/test_rendering.py tests/privacy/policies/test_citations.py tests/test_chinese.py \
	tests/test_documents.py tests/test_named_code.py tests/test_translations.py tests/tools/test_package_picture.py

.PHONY: help run test complete coverage pictures lighthouse faults mutants check generate bench format clean
.DEFAULT_GOAL := help

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# What running needs, and nothing else.
.venv/installed: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# And what testing and checking need.
.venv/installed-dev: .venv/installed requirements-dev.txt requirements-s3.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

%.mo: %.po | .venv/installed
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

run: .venv/installed $(CATALOGUES) ## Set everything up and start the portal
	$(BIN)/python manage.py portal --bind 127.0.0.1:$(PORT)

# TESTS: files or folders, all if empty. PROCESSES at once; `auto` is one for each core. LONG_TESTS=on adds the long
# tests, which start several portals or repeat shorter ones in more ways.
test: .venv/installed-dev $(CATALOGUES) ## Set everything up and run the tests, or those of TESTS=FOLDER
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist worksteal --durations 10 $(TESTS)

complete: .venv/installed-dev $(CATALOGUES) ## Run the tests that name each document, translation and list that lacks something
	$(BIN)/python -m pytest --quiet $(COMPLETE)

coverage: .venv/installed-dev $(CATALOGUES) ## Run the tests, and list the lines and branches that none of them takes
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist worksteal --cov --cov-report term-missing:skip-covered

pictures: .venv/installed-dev $(CATALOGUES) ## Take pictures of all pages, in three widths, two schemes and languages, into var/pictures
	PORTAL_SCREENSHOTS=$(CURDIR)/var/pictures LONG_TESTS=on $(BIN)/python -m pytest --quiet tests/journeys/test_pages.py tests/journeys/test_admin_pages.py

lighthouse: .venv/installed-dev $(CATALOGUES) ## Score the pages by Lighthouse, which npx fetches
	@command -v npx >/dev/null || { echo "npx is needed: it comes with Node.js."; exit 1; }
	$(BIN)/python -m tests.journeys.lighthouse

faults: .venv/installed-dev $(CATALOGUES) ## Break a large portal: the full counts of docs/reliability.md
	FAULTS=full $(BIN)/python -m pytest tests/faults -v

# In an environment of its own: mutmut brings setproctitle, which takes from the supervisor's tests what they look for.
.venv-mutation/installed: requirements-mutation.txt requirements-dev.txt requirements.txt
	$(PYTHON) -m venv .venv-mutation
	.venv-mutation/bin/pip install --quiet --disable-pip-version-check -r requirements-mutation.txt
	@touch $@

mutants: .venv-mutation/installed $(CATALOGUES) ## Run mutation tests
	.venv-mutation/bin/python -m tools.mutation

check: .venv/installed-dev $(CATALOGUES) ## Format, lint, types, import contracts, migrations, system checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

# It makes the environments of the peers, in .venv-bench, by itself.
bench: .venv/installed-dev ## Measure what costs most
	$(BIN)/python -m tools.bench

generate: .venv/installed-dev $(CATALOGUES) ## Write what is generated: docs/copy.schema.json and docs/packages.svg
	SITE_URL=http://127.0.0.1:8000 $(BIN)/python manage.py write_copy_schema
	$(BIN)/python -m tools.package_picture

format: .venv/installed-dev ## Format the code
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

clean: ## Remove what the portal keeps here (var/) and the virtual environment
	rm -rf .venv .venv-mutation .venv-bench var
