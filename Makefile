# The two commands of this project are `make build` and `make test`; `make help` lists all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO_APT = $$([ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo yes)

.DEFAULT_GOAL := help
.PHONY: help build test lint types tests notebooks clean lock

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

build: $(VENV)/.built ## Install what is needed into .venv and build the default collection
	$(BIN)/cityresearch build

test: lint types tests ## Set up with test tools and Chromium, then lint, check types and run all tests

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.tested
	$(BIN)/mypy

tests: $(VENV)/.tested $(VENV)/.browser
	$(BIN)/pytest

# The interpreter must be 3.11 or newer. Debian keeps venv's files in a package of their own.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$(SUDO_APT)" = yes ] && apt-get update -qq && apt-get install -y -qq python3-venv; } || { echo "Python's venv module is missing: install the package python3-venv."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.built: $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.tested: $(VENV)/.built requirements-test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	touch $@

# Pages are tested in a real browser: Debian's where we may install it, else Playwright's own.
$(VENV)/.browser: $(VENV)/.tested
	@command -v chromium >/dev/null || { [ "$(SUDO_APT)" = yes ] && apt-get update -qq && apt-get install -y -qq chromium; } || $(BIN)/playwright install chromium
	touch $@

notebooks: $(VENV)/.built ## Run the notebooks in git anew for their own city
	$(BIN)/jupyter nbconvert --log-level WARN --to notebook --execute --inplace --ExecutePreprocessor.record_timing=False notebooks/*/brief.ipynb

# The largest set is chosen first: what it needs bounds the smaller ones, so that all three agree.
LOCK = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

lock: ## Choose dependencies anew and pin them (needs uv)
	$(LOCK) --extra cluster --extra test -o requirements-test.lock
	$(LOCK) --extra cluster -c requirements-test.lock -o requirements-cluster.lock
	$(LOCK) -c requirements-test.lock -o requirements.lock

clean: ## Remove what was built, not the set-up
	rm -rf _build
