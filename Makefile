# make run    everything from an empty checkout to a running service
# make test   everything that can be checked, on SQLite, on PostgreSQL and in a browser
# make fuzz   the API asked for whatever its description allows and forbids, at length
# make fuzz-engine   odd texts against the extraction engine, for five minutes (SECONDS=…)
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.DEFAULT_GOAL := run
.PHONY: run test fuzz lint venv venv-dev system-packages fuzz-engine clean

# Set HOST on make's own command line only: some shells keep the machine's name in a variable of that name.
HOST = 127.0.0.1
VENV := .venv
PY := $(VENV)/bin/python

# What `check --deploy` is promised to be clean with (README, "Environment").
DEPLOYED = env ENV_FILE=/dev/null SECRET_KEY="$$($(PY) -c 'from claimtrack.env import random_key; print(random_key())')" \
	ALLOWED_HOSTS=desk.example BEHIND_TLS=true

# The first Python of version 3.11 or later; PYTHON=… names another one.
define find_python
	for candidate in $(PYTHON) python3.11 python3 python3.12 python3.13 ""; do
	  if [ -n "$$candidate" ] && "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi
	done
	if [ -z "$$candidate" ]; then
	  echo "claimtrack needs Python 3.11 or later: apt-get install python3 python3-venv" >&2; exit 1
	fi
	if ! "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
	  echo "$$candidate cannot make virtual environments: apt-get install python3-venv" >&2; exit 1
	fi
endef

# $(call install,requirements file,stamp): installs into the virtual environment unless the stamp names these very files.
define install
	wanted="$$(cat requirements.txt requirements-celery.txt $(1) | sha256sum)"
	if ! $(PY) -m pip --version >/dev/null 2>&1; then
	  $(find_python)
	  echo "Making the virtual environment $(VENV) …"
	  "$$candidate" -m venv --clear $(VENV)
	fi
	if [ "$$(cat $(VENV)/$(2) 2>/dev/null)" != "$$wanted" ]; then
	  echo "Installing $(1) …"
	  if ! $(PY) -m pip install -qq --disable-pip-version-check -r $(1); then
	    echo "$(1) could not be installed, see above: pip needs the network, or a folder of wheels (PIP_FIND_LINKS)" >&2; exit 1
	  fi
	  echo "$$wanted" > $(VENV)/$(2)
	fi
endef

run: venv
	if [ -z "$${SECRET_KEY:-}" ]; then $(PY) -m claimtrack.env .env; fi
	LOG_FORMAT="$${LOG_FORMAT:-text}" exec $(PY) manage.py first_run --host "$(HOST)" $(if $(PORT),--port "$(PORT)")

# The tests run whatever lint says: one report shows all that is wrong.
test: venv-dev system-packages
	lint=passed
	$(MAKE) --no-print-directory lint || lint=failed
	tests=passed
	$(PY) -m tests.run_all || tests=failed
	echo "lint        $$lint"
	[ "$$lint $$tests" = "passed passed" ]

# The API's whole description, 200 examples an operation (`make test` tries 20).
fuzz: venv-dev
	FUZZ_EXAMPLES=$(or $(EXAMPLES),200) $(PY) -m pytest tests/fuzz -n 2

lint: venv-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy claimtrack claims sources manage.py
	$(VENV)/bin/lint-imports
	$(DEPLOYED) $(PY) manage.py makemigrations --check --dry-run
	$(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING

venv:
	$(call install,requirements.txt,claimtrack-installed)

venv-dev:
	$(call install,requirements-dev.txt,claimtrack-dev-installed)

system-packages:
	missing=""
	if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null; then missing="$$missing postgresql"; fi
	if ! command -v chromium chromium-browser google-chrome >/dev/null; then missing="$$missing chromium"; fi
	if [ -n "$$missing" ]; then
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	    echo "Installing$$missing …"
	    export DEBIAN_FRONTEND=noninteractive
	    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing >/dev/null; }; then
	      echo "the tests need$$missing, and apt-get could not install it: apt-get install$$missing" >&2; exit 1
	    fi
	  else
	    echo "the tests need$$missing: apt-get install$$missing" >&2; exit 1
	  fi
	fi

fuzz-engine:
	$(call install,requirements-fuzz.txt,claimtrack-fuzz-installed)
	$(PY) -m tests.fuzz.engine -max_total_time=$(or $(SECONDS),300)

clean:
	rm -rf $(VENV) var/static .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
