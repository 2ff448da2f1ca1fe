# Everything a person or a machine needs to run, test and keep Tanggap. `make help` lists it.
# A machine needs Python >= 3.11 and Node >= 20 and nothing else; without Node, npm comes
# from a Python package. Stamp files inside .venv make every second call quick.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

CATALOGUES := $(wildcard complaints/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
VENDOR := complaints/static/vendor/LICENSES.txt
STATIC_FILES := $(wildcard complaints/static/*.html complaints/static/css/* complaints/static/js/* complaints/static/img/* complaints/static/guide/*)
PACKED := complaints/static_packed/.stamp

# Extra arguments for pytest: make test ARGS="-k deadline".
ARGS ?=

.PHONY: help
help: ## List every target with a sentence.
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: install ## Set up what is missing, then start web and worker with the demonstration data.
	@export SECRET_KEY="$${SECRET_KEY:-$$($(BIN)/python -c 'from complaints.settings import local_key; print(local_key())')}"; \
	$(BIN)/complaints init && \
	{ $(BIN)/complaints demo || echo "Starting without the demonstration."; } && \
	exec $(BIN)/complaints run --host 127.0.0.1 --port $(PORT)

.PHONY: install
install: $(VENV)/.installed $(PACKED) $(COMPILED) ## Create .venv, install locked packages and assets, compile the translations.

.PHONY: test
test: install $(VENV)/.installed-test ## Lint, then run the whole suite on SQLite and on PostgreSQL.
	@$(MAKE) lint
	$(BIN)/python -m pytest --db both -n logical $(ARGS)

.PHONY: soak
soak: install $(VENV)/.installed-test ## Run what is long: random histories, killed workers, examples by the thousand.
	TANGGAP_SOAK=1 $(BIN)/python -m pytest --db every -n logical -m "soak or hypothesis" $(ARGS)

.PHONY: lint lint-types lint-arrows lint-style
lint: $(VENV)/.installed $(VENV)/.installed-test ## Check style, types and who imports whom.
	@$(MAKE) --jobs=2 --keep-going lint-types lint-arrows lint-style

lint-types:
	$(BIN)/mypy

lint-arrows:
	$(BIN)/lint-imports

lint-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: format
format: $(VENV)/.installed-test ## Let ruff put the code into shape.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: coverage
coverage: install $(VENV)/.installed-test ## Run the suite on SQLite and print the lines no test reaches.
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --db sqlite $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

.PHONY: bench
bench: install $(VENV)/.installed-bench ## Print how our acts compare with the bare act, as ratios of one run.
	@shopt -s nullglob; \
	for bench in tests/bench/bench_*.py; do echo "== $$bench"; PYTHONPATH=. $(BIN)/python "$$bench" || exit 1; done

# How many complaints `bench-million` asks for; BENCH_PLACE=FOLDER keeps them for the next run.
BENCH_COMPLAINTS ?= 1000000

.PHONY: bench-million
bench-million: install $(VENV)/.installed-bench ## Print every page's CPU beside the bare act's at a million complaints.
	@PYTHONPATH=. $(BIN)/python tests/bench/bench_pages.py $(BENCH_COMPLAINTS)
	@PYTHONPATH=. $(BIN)/python tests/bench/bench_sweep.py --open $(BENCH_COMPLAINTS)

.PHONY: faults
faults: install $(VENV)/.installed-test ## Kill, hold, block, refuse what a running installation needs; print what was lost, doubled.
	@status=0; \
	for fault in tests/faults/fault_*.py; do echo "== $$fault"; PYTHONPATH=. $(BIN)/python "$$fault" || status=1; done; \
	exit $$status

.PHONY: odd-input
odd-input: install $(VENV)/.installed-test ## Fill every field of pages, API and command line with odd input; print what each answered.
	ODD_INPUT=1 $(BIN)/python -m pytest tests/seed/test_odd_input.py tests/channels/api/test_odd_input.py \
		tests/commands/test_odd_arguments.py --db every $(ARGS)

.PHONY: browser
browser: install $(VENV)/.installed-test chromium ## Tell the browser stories; installs Debian's chromium when missing.
	$(BIN)/python -m pytest tests/browser $(ARGS)

.PHONY: screenshots
screenshots: install $(VENV)/.installed-test chromium ## Take a picture of every page of the demonstration into var/screenshots.
	@PYTHONPATH=. $(BIN)/python tests/browser/screenshots.py $(ARGS)

.PHONY: guide-pictures
guide-pictures: install $(VENV)/.installed-test chromium ## Take the pictures of the guides anew, into complaints/static/guide.
	@PYTHONPATH=. $(BIN)/python tests/browser/guide_pictures.py

.PHONY: chromium
chromium: ## Install Debian's chromium unless a Chromium is on the PATH.
	@tools/get_chromium.sh

.PHONY: translations
translations: $(VENV)/.installed ## Collect the texts of pages and code, update the catalogues and compile them.
	$(BIN)/pybabel -q extract -F complaints/translations/babel.cfg -k _l -k lazy_gettext --no-location --sort-output --width 100 \
		--project Tanggap -o complaints/translations/messages.pot .
	$(BIN)/pybabel -q update -i complaints/translations/messages.pot -d complaints/translations --no-fuzzy-matching \
		--ignore-obsolete --init-missing --width 100 -l id
	$(MAKE) install

.PHONY: lock
lock: $(VENV)/bin/python ## Write the lock files anew; UPGRADE=1 moves to the newest versions.
	$(PIP) --require-hashes -r requirements/lock.txt
	$(BIN)/python tools/write_locks.py

.PHONY: wheel
wheel: install ## Build a complete wheel into dist/: pages, translations, migrations and all.
	@$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

.PHONY: clean
clean: ## Remove what make built; the data in var/ stays.
	rm -rf $(VENV) node_modules complaints/static/vendor complaints/static_packed* $(COMPILED) build dist *.egg-info \
		.mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov

# ---- the pieces -----------------------------------------------------------------------------

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Tanggap needs Python 3.11 or newer; $(PYTHON) is not on the PATH." >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Tanggap needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Name another one: make PYTHON=python3.12 ..." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment here; on Debian, install python3-venv." >&2; exit 2; }

# The package itself is installed without asking a registry for anything: its build backend
# is locked and already there.
$(VENV)/.installed: requirements/base.txt setup.cfg setup.py pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements/base.txt
	@PYTHONWARNINGS=ignore $(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q complaints
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed requirements/test.txt
	$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-test requirements/bench.txt
	$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@

$(VENDOR): package-lock.json tools/vendor_assets.py tools/prune_css.py tools/icons.txt tools/tabler_classes.txt LICENSE | $(VENV)/bin/python
	$(BIN)/python tools/vendor_assets.py

# Each file once more, named by its content and compressed: made beside what a running server reads,
# and put in its place at once.
$(PACKED): $(VENDOR) $(STATIC_FILES) | $(VENV)/.installed
	@rm -rf complaints/static_packed.new complaints/static_packed.old
	$(BIN)/servestatic --quiet --hash --compress --no-zstd complaints/static complaints/static_packed.new
	@touch complaints/static_packed.new/.stamp
	@if [ -d complaints/static_packed ]; then mv complaints/static_packed complaints/static_packed.old; fi
	@mv complaints/static_packed.new complaints/static_packed
	@rm -rf complaints/static_packed.old

%.mo: %.po | $(VENV)/.installed
	$(BIN)/pybabel -q compile -i $< -o $@
