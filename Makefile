# The commands of the house. Everything they need they install themselves, into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
# Left to `make test`: whatever starts servers or kills processes, lives nights and days, takes in whole files or sweeps
# over every page. What stays is units, contracts of the house and one journey, the first fact; 90 s on two cores is the aim.
LONG := tests/plugins tests/portal/embedded tests/portal/operations tests/portal/demo \
	tests/portal/collect/test_real_server.py \
	tests/journeys/test_killed_day.py tests/journeys/test_worker.py \
	tests/clients/lake tests/clients/intake tests/clients/portrait tests/clients/behaviour/test_kinds.py \
	$(addprefix tests/clients/market/test_,admin.py calendar.py bars.py events.py securities.py) \
	$(addprefix tests/clients/ledger/test_,holdings.py margin.py positions.py selectors.py services.py) \
	$(addprefix tests/clients/register/test_,accounts.py clients.py suitability.py) \
	tests/clients/org/test_access.py tests/clients/shared/test_queue.py tests/kpm/news/test_kinds.py \
	$(addprefix tests/kpm/engine/test_,one_meaning.py whitelist.py) $(wildcard tests/kpm/strategies/test_library*.py) \
	$(addprefix tests/kpm/strategies/test_,run.py event_slot.py event_slot_faults.py admin.py editing.py arbitrate.py strategies_command.py) \
	$(addprefix tests/advisory/dispatch/test_,deliver.py library.py wording.py) \
	$(addprefix tests/house/test_,urls.py pages.py)
.PHONY: help venv run test test-slow test-quick check format pictures messages browser

help:            ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/ -/'

venv: $(STAMP) locale/zh_Hans/LC_MESSAGES/django.mo  ## the virtual environment and the install

$(STAMP): requirements.txt requirements-dev.txt package.json package-lock.json
	@bash bin/venv "$(PYTHON)" "$(VENV)"
	@touch $(STAMP)

locale/zh_Hans/LC_MESSAGES/django.mo: locale/zh_Hans/LC_MESSAGES/django.po $(STAMP)
	@$(BIN)/pybabel -q compile -d locale -D django --statistics

run: venv        ## a living branch on this machine
	@echo "Starting database, broker and a simulated branch: 2,000 clients, two years of past, 60 business days."
	@echo "The first page answers when five days have been lived, a few minutes on two cores; the rest is lived in view."
	@$(BIN)/python manage.py up --demo

browser:         ## Debian's chromium and a Chinese font, when root on Debian and missing
	@bash bin/browser

test: venv browser  ## everything the tests need, then the tests
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow"

test-slow: venv  ## the long proofs; their short forms are part of every run
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m slow --timeout 3600

test-quick: venv  ## units, contracts and one journey without a browser
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not browser and not slow" $(LONG:%=--ignore=%)

check: venv      ## format, lint, types, import contracts, migrations in step, translations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python bin/messages.py --check

format: venv     ## let ruff format and fix
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

pictures: venv   ## the pictures of the readme, from a demo that runs here
	@$(BIN)/python bin/pictures.py

messages: venv   ## collect new texts into the catalogues
	@$(BIN)/python bin/messages.py
