# Each command sets up what it needs, and is quick when that is there already.

PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8501
# Who may open the dashboard: localhost is this computer alone, 0.0.0.0 the network too.
ADDRESS ?= localhost
# Extra arguments, for instance: make test PYTEST_ARGS="-k lab"
PYTEST_ARGS ?=
RUN_ARGS    ?=
FUZZ_ARGS   ?=
BENCH_ARGS  ?=
PHOTOS      ?=

PY := $(VENV)/bin/python
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check

# A stamp is newer than the requirement files it stands for; it lies inside the environment, so both go together.
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint format messages bench quality load soak audit pins clean browser tools fuzz test-training
.PHONY: screenshot

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo 'Variables: PYTHON (3.11 or newer), VENV, PORT, RUN_ARGS, ADDRESS, PYTEST_ARGS, FUZZ_ARGS, BENCH_ARGS, PHOTOS'

run: $(RUN_READY)  ## Open the dashboard in the browser (PORT=8502 for another port)
	@$(PY) -m streamlit run streamlit_app.py --server.address=$(ADDRESS) --server.port=$(PORT) $(RUN_ARGS)

# pytest comes last, so that the output closes with its summary line.
# Three processes, each with a browser and servers of its own, take whole files in the order of tests/conftest.py: two
# cores are enough for them, because who drives a browser waits for a part of the time.
test: lint browser tools  ## Check style and types, then run all tests (PYTEST_ARGS="-k lab" for some, "-n 0" in one process)
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

fuzz: $(DEV_READY) tools  ## Read mutated files for a while (FUZZ_ARGS="--seconds 3600 --seed 7")
	@$(PY) -m tests.fuzz $(FUZZ_ARGS)

test-training: training/.venv/.ready  ## Run the tests of the training code, which need PyTorch
	@training/.venv/bin/python -m pytest tests/training $(PYTEST_ARGS)

lint: $(DEV_READY)  ## Check style, formatting, types and the directions of imports
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports

format: $(DEV_READY)  ## Put the code into its form, with the fixes that are safe
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

messages: $(DEV_READY)  ## Take new texts of the page into the catalogues of its languages, and compile them
	@$(PY) -m tests.support.messages

bench: $(DEV_READY)  ## Measure the speed on this machine (BENCH_ARGS="--runs 3 --only callback camera")
	@$(PY) -m benchmarks.speed $(BENCH_ARGS)

quality: $(DEV_READY)  ## Measure the quality on a folder of colour photographs (PHOTOS=folder)
	@$(PY) -m benchmarks.quality $(PHOTOS) $(BENCH_ARGS)

load: $(DEV_READY)  ## Send a class to the dashboard, and look at answers and memory (BENCH_ARGS="--sessions 30")
	@$(PY) -m benchmarks.load $(BENCH_ARGS)

soak: $(DEV_READY)  ## Send it an hour's uploads, and look whether its memory grows (BENCH_ARGS="--uploads 900")
	@$(PY) -m benchmarks.soak $(BENCH_ARGS)

audit: $(DEV_READY)  ## Compare the pinned versions with the published advisories (needs a network)
	@$(PY) -m pip_audit --requirement constraints.txt --no-deps --disable-pip --strict

pins:  ## Update constraints.txt to the newest versions that the requirements allow
	@$(PYTHON) -m venv $(VENV)-pins
	@sed '/^-/d' requirements.txt requirements-login.txt | $(VENV)-pins/bin/python -m pip install --quiet \
		--requirement requirements-library.txt --requirement requirements-archive.txt \
		--requirement requirements-sign.txt --requirement /dev/stdin \
		s3fs  # the driver of S3 has narrow bounds, for which the pins leave room
	@{ echo '# Every package at the version that was tested, written by `make pins`.'; \
		$(VENV)-pins/bin/python -m pip freeze; } > constraints.txt
	@rm -r $(VENV)-pins

# The tests that look at every tab leave the pictures, so that what is looked at by eye is what they have checked.
screenshot: $(DEV_READY) browser  ## Update the README's pictures; put those of all tabs into test-results/screenshots
	@rm -rf test-results/screenshots
	@COLORIZER_SCREENSHOT=docs/screenshot.png COLORIZER_SCREENSHOTS=test-results/screenshots \
		$(PY) -m pytest -q -n 0 tests/browser -k 'screenshot or accessible_at_every_width'
	@$(PY) -m benchmarks.samples docs/samples.jpg
	@$(PY) -m benchmarks.strokes docs/strokes.jpg
	@$(PY) -m benchmarks.alike docs/alike.jpg
	@$(PY) -m benchmarks.choices docs/choices.jpg

browser: $(DEV_READY)
	@browser=$$($(PY) -m benchmarks.support.find_browser) && echo "Browser for the tests: $$browser"

tools: $(DEV_READY)
	@tools=$$($(PY) -m tests.support.find_tools) && echo "Programs for the tests: $$tools"

clean:  ## Remove the environment and all caches; fetched weights stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Expected Python 3.11 or newer, got: $(PYTHON) ('"$$($(PYTHON) --version 2>&1)"').' >&2; \
		echo 'Name another one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo 'Expected $(PYTHON) to bring the modules venv and ensurepip; one is missing.' >&2; \
		echo 'On Debian and Ubuntu: sudo apt-get install python3-venv' >&2; exit 1; }
	@echo 'Setting up $(VENV) ...'
	@$(PYTHON) -m venv $(VENV)

$(RUN_READY): requirements.txt requirements-library.txt constraints.txt $(VENV)/pyvenv.cfg
	@echo 'Installing requirements.txt ...'
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(DEV_READY): requirements.txt requirements-library.txt requirements-login.txt requirements-archive.txt requirements-sign.txt requirements-dev.txt constraints.txt $(VENV)/pyvenv.cfg
	@echo 'Installing requirements-dev.txt ...'
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

training/.venv/.ready: requirements.txt requirements-library.txt training/requirements.txt
	@$(PYTHON) -m venv training/.venv
	@training/.venv/bin/python -m pip install --quiet -r training/requirements.txt 'pytest>=8' 'pytest-timeout>=2.3'
	@touch $@
