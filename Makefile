# Every target sets up what it needs by itself; a second run finds it there.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/python -m uv pip install --quiet --python $(BIN)/python

$(VENV)/installer:
	@$(PYTHON) -c 'import sys; sys.exit("Signpost needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

$(VENV)/serving: pyproject.toml bot/__init__.py | $(VENV)/installer
	@echo "Setting up $(VENV) …" >&2
	@$(UV) --editable '.[semantic,speed]'
	@touch $@

$(VENV)/testing: pyproject.toml bot/__init__.py $(VENV)/serving
	@$(UV) --group dev
	@touch $@

.PHONY: help
help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: serve
serve: $(VENV)/serving ## Serve on http://127.0.0.1:8080 (SIGNPOST_HOST, SIGNPOST_PORT)
	@$(BIN)/signpost serve

.PHONY: test
test: $(VENV)/testing ## Run every test
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(ARGS)

.PHONY: lint
lint: $(VENV)/testing ## Check code and content
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/signpost lint

.PHONY: format
format: $(VENV)/testing ## Format the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

.PHONY: bench
bench: $(VENV)/testing ## Print the benchmark's ratios
	@$(BIN)/python -m bench

.PHONY: chaos
chaos: $(VENV)/testing ## Kill workers and stop Redis while messages arrive (redis-server is needed)
	@$(BIN)/python -m tests.chaos $(ARGS)

.PHONY: wheel
wheel: $(VENV)/testing ## Build the wheel, compiled models inside
	@$(BIN)/signpost build
	@$(BIN)/python -m uv build --quiet --wheel

.PHONY: translations
translations: $(VENV)/testing ## Bring locales/ up to date with the code and the English replies
	@$(BIN)/python -m bot.editor.translations

.PHONY: screenshots
screenshots: $(VENV)/testing ## Make the pictures of the widget in docs/images/
	@$(BIN)/python -m tests.e2e.screenshots

.PHONY: schemas
schemas: $(VENV)/testing ## Generate docs/schemas/ from the types
	@$(BIN)/python -m bot.editor.schemas

.PHONY: clean
clean: ## Remove what can be made again
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
