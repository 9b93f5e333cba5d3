# The one door for every developer command: `make help` lists them.

VENV := .venv
PYTHON_IN_VENV := $(VENV)/bin/python
PIP_INSTALL := $(PYTHON_IN_VENV) -m pip --disable-pip-version-check --quiet install
LOCK := $(PYTHON_IN_VENV) -m uv --quiet pip compile pyproject.toml --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help setup run sim test check look bench settings lock format clean

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

setup: $(VENV)/.installed ## Prepare .venv from the lock, without starting anything
	@echo "$(VENV) is ready."

run: $(VENV)/.installed ## Start the bot
	@exec $(PYTHON_IN_VENV) -m bot run

sim: $(VENV)/.installed ## Start a simulated vendor that fails as asked; options: make sim ARGS=--help
	@PYTHONPATH=tests exec $(PYTHON_IN_VENV) -m sim.vendors.run $(ARGS)

test: $(VENV)/.installed-dev ## Run the whole suite, or a part: make test ARGS=tests/core
	@exec $(PYTHON_IN_VENV) -m pytest $(ARGS)

check: $(VENV)/.installed-dev ## Format, lint, types, import contracts, and a wheel that installs and starts
	$(PYTHON_IN_VENV) -m ruff format --check .
	$(PYTHON_IN_VENV) -m ruff check .
	$(PYTHON_IN_VENV) -m mypy
	$(VENV)/bin/lint-imports
	$(PYTHON_IN_VENV) tests/wheel_check.py

look: $(VENV)/.installed-dev ## Write pictures of what people see on Discord: make look ARGS=folder
	@exec $(PYTHON_IN_VENV) tests/look_discord.py $(ARGS)

bench: $(VENV)/.installed-dev ## Measure, and print the figures
	@exec $(PYTHON_IN_VENV) tests/bench/run.py

settings: $(VENV)/.installed-dev ## Write .env.example and docs/settings.md from the schema
	@exec $(PYTHON_IN_VENV) tests/settings_docs.py

lock: $(VENV)/.installed-dev ## Pin the newest versions that pyproject.toml allows
	$(LOCK) --extra install -o requirements.lock
	$(LOCK) --extra install --extra dev --constraint requirements.lock -o requirements-dev.lock

format: $(VENV)/.installed-dev ## Format, and mend what the linter can
	$(PYTHON_IN_VENV) -m ruff format .
	$(PYTHON_IN_VENV) -m ruff check --fix .

clean: ## Remove everything that can be made again; your data stays
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find bot adapters storage tests -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.installed: requirements.lock pyproject.toml deploy/find-python.sh
	@python=$$(sh deploy/find-python.sh) && \
	echo "Preparing $(VENV) with $$python; the first time takes about a minute." && \
	$$python -m venv $(VENV)
	@$(PIP_INSTALL) --require-hashes -r requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Adding the developers' tools to $(VENV)."
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
