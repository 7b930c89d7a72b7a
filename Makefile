# Every target sets up what it needs, inside this folder. `make` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# The interpreter that makes the environments: any Python 3.10 to 3.14 with venv.
PYTHON ?= python3
# Arguments for pytest and the benchmarks: make pytest ARGS="tests/rules --no-cov"
ARGS ?=
# make locks UPGRADE=1 takes the newest versions allowed; without it, pins stay.
UPGRADE ?=

# A process for each core up to four; a file of tests stays in one, with the services that it shares.
PARALLEL ?= --numprocesses auto --maxprocesses 4 --dist loadfile
# The browser of the browser tier; Debian's by default.
CHROMIUM ?= chromium

VENV := .venv
AIRFLOW := .venv-airflow
AIRFLOW3 := .venv-airflow3
BIN := $(VENV)/bin
UV := $(BIN)/uv
PACKAGES := transpiler rules runtime
# fixtures_dags holds input for the transpiler, whose style is not ours; the demonstration is.
OURS := $(wildcard $(PACKAGES) benchmarks tests docs/hooks fixtures_dags/demo.py fixtures_dags/demo/*.py)

# Another environment's settings must not steer ours.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
# Without bytecode every process compiles ZenML and MLflow anew, which takes seconds.
unexport PYTHONDONTWRITEBYTECODE
export ZENML_ANALYTICS_OPT_IN := false
export MLFLOW_DISABLE_TELEMETRY := true
export NO_MKDOCS_2_WARNING := 1

##@ Use
demo: venv ## turn the Belgian LTV DAG into a ZenML pipeline and run it (PLATFORM=local, podman, kserve or spcs)
	$(BIN)/python -m fixtures_dags.demo --platform $(or $(PLATFORM),local)

##@ Check
test: lint types pytest ## everything below, and the whole test suite with its coverage gate

lint: venv ## ruff and black
	$(BIN)/ruff check $(OURS)
	$(BIN)/black --check --quiet --diff $(OURS)

types: venv ## mypy, strict
	$(BIN)/mypy $(wildcard $(PACKAGES) benchmarks)

pytest: venv airflow-env airflow3-env ## the test suite, with branch coverage and its gate
	$(BIN)/python -m pytest $(PARALLEL) --cov --cov-report=term --durations=10 $(ARGS)

# A tier without tests (pytest's exit 5) is not a failure.
test-slow: venv airflow-env airflow3-env ## the tests marked slow: more cases, bigger inputs
	$(BIN)/python -m pytest $(PARALLEL) -m slow --durations=10 $(ARGS) || [ $$? -eq 5 ]

test-browser: export CHROMIUM := $(CHROMIUM)
test-browser: venv chromium ## the tests marked browser: the HTML report in a headless Chromium
	$(BIN)/python -m pytest $(PARALLEL) -m browser --durations=10 $(ARGS) || [ $$? -eq 5 ]

snapshots: venv airflow-env ## accept the emitted projects as they are now
	$(BIN)/python -m pytest --no-cov tests/emitted --snapshot-update $(ARGS)

fidelity: venv airflow-env airflow3-env ## how DAG files are read, held against Airflow, into docs/fidelity.md
	$(BIN)/python -m tests.fidelity --write $(ARGS)

equivalence: venv airflow-env ## how runs end, held against Airflow's own, into docs/equivalence.md
	$(BIN)/python -m tests.equivalence --write $(ARGS)

bench: venv airflow-env ## what starting, reading and running cost, beside the floors they stand on
	$(BIN)/python -m benchmarks $(ARGS)

##@ Write
screenshots: venv chromium ## the pictures of docs/report.md, from a headless Chromium
	CHROMIUM="$(CHROMIUM)" $(BIN)/python -m tests.browser.screenshots

docs: venv ## the documentation site, into site/
	$(BIN)/python -m mkdocs build --strict --quiet

format: venv ## ruff's fixes and black
	$(BIN)/ruff check --fix $(OURS)
	$(BIN)/black --quiet $(OURS)

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.10 --generate-hashes \
	--custom-compile-command "make locks" $(if $(UPGRADE),--upgrade)
FROM_DEV = --constraint requirements/dev.txt

locks: venv ## recompile every lock in requirements/ (UPGRADE=1: newest versions)
	$(COMPILE) --all-extras --group dev pyproject.toml -o requirements/dev.txt
	$(COMPILE) $(FROM_DEV) pyproject.toml -o requirements/compiler.txt
	$(COMPILE) $(FROM_DEV) --extra runtime pyproject.toml -o requirements/runtime.txt
	$(COMPILE) $(FROM_DEV) --extra runtime --extra local pyproject.toml -o requirements/local.txt
	$(COMPILE) $(FROM_DEV) --extra kserve pyproject.toml -o requirements/kserve.txt
	$(COMPILE) $(FROM_DEV) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/airflow.in -o requirements/airflow.txt
	$(COMPILE) requirements/airflow3.in -o requirements/airflow3.txt
	$(UV) pip compile --quiet --no-deps --generate-hashes --python-version 3.12 \
		--custom-compile-command "make locks" $(if $(UPGRADE),--upgrade) \
		requirements/system-tests.in -o requirements/system-tests.txt

##@ Set up
venv: $(VENV)/.ready ## the development environment, .venv
airflow-env: $(AIRFLOW)/.ready ## Airflow by itself, which tests judge by, .venv-airflow
airflow3-env: $(AIRFLOW3)/.ready ## Airflow 3, the other judge, .venv-airflow3

$(VENV)/.uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))' || { \
		echo "dag2zen needs Python 3.10 to 3.14, and $(PYTHON) is not one." \
			"Name another: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || { \
		echo "$(PYTHON) -m venv failed; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing uv into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.locked: requirements/dev.txt $(VENV)/.uv
	@echo "Installing $< into $(VENV)"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $<
	@touch $@

$(VENV)/.ready: pyproject.toml $(VENV)/.locked
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# Tests start Airflow many times, and it has thousands of modules: they are compiled once.
# Airflow 2 ends at Python 3.12. On a newer one, uv finds another interpreter, or fetches it into
# the checkout.
AIRFLOW_PYTHON = import sys; print(sys.executable if sys.version_info < (3, 13) else ">=3.10,<3.13")
$(AIRFLOW)/.ready: export UV_PYTHON_INSTALL_DIR := $(CURDIR)/.venv-python

$(AIRFLOW)/.ready: requirements/airflow.txt $(VENV)/.uv
	@echo "Installing $< into $(AIRFLOW)"
	@$(UV) venv --quiet --allow-existing --python "$$($(BIN)/python -c '$(AIRFLOW_PYTHON)')" $(AIRFLOW)
	@$(UV) pip sync --quiet --compile-bytecode --python $(AIRFLOW)/bin/python --require-hashes $<
	@touch $@

$(AIRFLOW3)/.ready: requirements/airflow3.txt $(VENV)/.uv
	@echo "Installing $< into $(AIRFLOW3)"
	@$(UV) venv --quiet --allow-existing --python $(BIN)/python $(AIRFLOW3)
	@$(UV) pip sync --quiet --compile-bytecode --python $(AIRFLOW3)/bin/python --require-hashes $<
	@touch $@

# Debian's own package, where it may be installed without asking.
chromium: ## a headless browser for test-browser
	@command -v $(CHROMIUM) >/dev/null || { \
		[ "$(CHROMIUM)" = chromium ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		echo "Installing Debian's chromium" && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends chromium >/dev/null; } || { \
		echo "make test-browser needs Chromium, and there is no $(CHROMIUM). On Debian: sudo apt-get install chromium." \
			"Or name another: make test-browser CHROMIUM=google-chrome" >&2; exit 1; }

clean: ## remove what commands leave behind, keep the environments
	rm -rf build dist site htmlcov .coverage .coverage.* coverage.xml .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find $(wildcard $(PACKAGES) benchmarks tests fixtures_dags) -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environments too (to change the Python version)
	rm -rf $(VENV) $(AIRFLOW) $(AIRFLOW3) .venv-python

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo test test-slow test-browser chromium screenshots lint types pytest snapshots fidelity equivalence bench docs format locks venv airflow-env airflow3-env clean distclean help
