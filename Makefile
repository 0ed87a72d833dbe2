# The commands of the project; `make` alone lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
VENDOR := cloud/web/static/vendor
UV_COMPILE = $(BIN)/uv pip compile --quiet --generate-hashes --universal --no-emit-index-url \
	--python-version 3.11 --custom-compile-command "make lock" pyproject.toml
PYTEST_JOBS ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install install-locked kernels deps servers demo test test-long check bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 14

install: ## make .venv with everything in it and copy the page's scripts
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
	@mkdir -p $(VENDOR) && cp node_modules/htmx.org/dist/htmx.min.js $@

$(VENDOR)/uPlot.iife.min.js: $(STAMPS)/page
	@mkdir -p $(VENDOR) && cp node_modules/uplot/dist/uPlot.iife.min.js $@

$(VENDOR)/uPlot.min.css: $(STAMPS)/page
	@mkdir -p $(VENDOR) && cp node_modules/uplot/dist/uPlot.min.css $@

kernels: $(STAMPS)/project
	@$(BIN)/python scripts/kernels.py

lock: | $(BIN)/python ## resolve the dependencies anew into requirements/*.txt and package-lock.json
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	$(UV_COMPILE) --upgrade --extra dev -o requirements/dev.txt
	$(UV_COMPILE) --extra edge -c requirements/dev.txt -o requirements/edge.txt
	$(UV_COMPILE) --extra cloud -c requirements/dev.txt -o requirements/cloud.txt
	$(UV_COMPILE) --extra demo -c requirements/dev.txt -o requirements/demo.txt
	npm install --package-lock-only --ignore-scripts --loglevel=error
