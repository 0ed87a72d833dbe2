# The commands of the project; `make` alone lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
VENDOR := cloud/web/static/vendor
UV_COMPILE = $(BIN)/uv pip compile --quiet --generate-hashes --universal --no-emit-index-url \
	--python-version 3.11 --custom-compile-command "make lock"
# Test processes: two cores; a file's tests share their servers, so they stay together; tests/conftest.py orders them.
JOBS ?= 2
# The long ones wait for clocks, brokers and pages half of their time.
LONG_JOBS ?= 2
RUN_TESTS = $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder
# A clone of somebody else, or one in which root has been at work: what the commands write there.
WRITTEN := . build $(VENV) .pytest_cache .hypothesis
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Emptied: without kept bytecode each command that a test starts would compile all its modules anew.
export PYTHONDONTWRITEBYTECODE :=

# What stands in scripts/ as a check of its own, beside the four that are written out below.
SCRIPTS := sizes catalogues messages promises links
CHECKS := types interfaces imports style $(SCRIPTS)

.DEFAULT_GOAL := help
.PHONY: help install install-locked kernels deps servers demo test try-deps test-long long-bare check bench bench-codec wheels lock
.PHONY: clean $(addprefix check-,$(CHECKS))

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 14

install: ## make .venv with everything in it and copy the page's scripts
	@for place in $(WRITTEN); do if [ -e $$place ] && [ ! -w $$place ]; then \
		echo "$(CURDIR): $$(id -un) may not write $$place; chown it, or clone anew as $$(id -un)" >&2; exit 1; fi; done
	@mkdir -p build && flock build/install.lock $(MAKE) --no-print-directory install-locked

install-locked: $(STAMPS)/project $(STAMPS)/page kernels

$(BIN)/python:
	@echo "install 1/4: virtual environment"
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/python: requirements/dev.txt | $(BIN)/python
	@echo "install 2/4: Python packages, hash-checked (about two minutes the first time)"
	$(BIN)/python -m pip install --require-hashes --no-deps -r requirements/dev.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/project: pyproject.toml setup.py $(STAMPS)/python
	@echo "install 3/4: steelyard and its compiled kernels"
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/page: package-lock.json .npmrc $(STAMPS)/python
	@echo "install 4/4: scripts of the page"
	npm ci --ignore-scripts --no-progress --loglevel=error
	@touch $@

# The page's folder may be cleaned apart from the stamps: the copies are checked each time, which costs nothing.
install-locked: $(VENDOR)/htmx.min.js $(VENDOR)/uPlot.iife.min.js $(VENDOR)/uPlot.min.css

$(VENDOR)/htmx.min.js: $(STAMPS)/page
	@mkdir -p $(VENDOR) && cp node_modules/htmx.org/LICENSE $(VENDOR)/htmx.LICENSE
	@cp node_modules/htmx.org/dist/htmx.min.js $@

$(VENDOR)/uPlot.iife.min.js: $(STAMPS)/page
	@mkdir -p $(VENDOR) && cp node_modules/uplot/LICENSE $(VENDOR)/uPlot.LICENSE
	@cp node_modules/uplot/dist/uPlot.iife.min.js $@

$(VENDOR)/uPlot.min.css: $(STAMPS)/page
	@mkdir -p $(VENDOR) && cp node_modules/uplot/dist/uPlot.min.css $@

kernels: $(STAMPS)/project
	@$(BIN)/python -m scripts.kernels

wheels: install ## steelyard with its kernels and the pure steelyard-verify, into dist/
	rm -rf build/lib* build/bdist* build/verify
	$(BIN)/python -m build --no-isolation --wheel --outdir dist .
	$(BIN)/python -m build --no-isolation --wheel --outdir dist verify

lock: | $(BIN)/python ## resolve the dependencies anew into requirements/*.txt and package-lock.json
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	$(UV_COMPILE) --upgrade pyproject.toml --extra dev -o requirements/dev.txt
	$(UV_COMPILE) pyproject.toml --extra edge -c requirements/dev.txt -o requirements/edge.txt
	$(UV_COMPILE) pyproject.toml --extra cloud -c requirements/dev.txt -o requirements/cloud.txt
	$(UV_COMPILE) pyproject.toml --extra demo -c requirements/dev.txt -o requirements/demo.txt
	$(UV_COMPILE) --group verify -c requirements/dev.txt -o requirements/verify.txt
	$(UV_COMPILE) --group build -c requirements/dev.txt -o requirements/build.txt
	npm install --package-lock-only --ignore-scripts --loglevel=error

deps: ## install the Debian packages of packages.apt (as root; else name the missing ones)
	@scripts/deps

servers: ## build InfluxDB 2.7 into .servers/ where Go and Rust are at hand (five minutes once, then cached)
	@servers/influxd/build

demo: install ## plant, edge, broker and cloud on this machine; RESET=1 begins anew, DEMO_ARGS="--port 8001" passes flags
	@exec $(BIN)/steelyard-demo $(if $(filter-out 0,$(RESET)),--reset) $(DEMO_ARGS)

test: try-deps install ## the Debian packages where they may be installed, then all tests but the long ones
	$(RUN_TESTS) -n $(JOBS) -m "not long" $(PYTEST_ARGS)

# Offline, or beside another apt, they are not installed: the tests that need them say so and skip.
try-deps:
	@scripts/deps || echo "deps: not installed; what needs them is skipped" >&2

test-long: install ## the long tests: kills, the steel year, the wheel, the fresh clone
	$(RUN_TESTS) -n $(LONG_JOBS) -m long $(PYTEST_ARGS)

long-bare: install ## the commands of README on a bare Debian 12, as a user and as root (needs root; half an hour)
	$(BIN)/python -m scripts.bare --out docs/results/bare.json

# The longest first, side by side; each one's output in one piece.
check: install ## ruff, mypy --strict, the import rules, the pages made from code
	@$(MAKE) --no-print-directory --keep-going --output-sync=target -j $(JOBS) $(addprefix check-,$(CHECKS))

check-types:
	$(BIN)/mypy

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-imports:
	$(BIN)/lint-imports

check-interfaces:
	$(BIN)/python -m scripts.interfaces --check

$(addprefix check-,$(SCRIPTS)): check-%:
	$(BIN)/python -m scripts.$*

bench-codec: install ## our column codec beside pcodec, FLAC, libaec, zstd and others: docs/benchmarks.md (half an hour)
	@test -x build/bench/bin/python || { $(PYTHON) -m venv build/bench && build/bench/bin/python -m pip install --quiet \
		--only-binary :all: -r $${STEELYARD_BENCH:-../shared/bench}/codecs/requirements.txt; }
	$(BIN)/python -m scripts.codec_report build/bench/bin/python

bench: install ## run what stands in bench/
	@for script in bench/*.py; do \
		if [ -e "$$script" ]; then echo "$$script"; $(BIN)/python "$$script" || exit 1; fi; \
	done

clean: ## remove what building and running made (.venv and .servers stay)
	rm -rf build dist node_modules $(VENDOR) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -f cython_ext/*.so cython_ext/*.c $(STAMPS)/page $(STAMPS)/project
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
