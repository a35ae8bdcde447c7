# make demo   set everything up and answer three questions from corpus/
# make test   set everything up and run all tests
# make check  lint and types
# One .venv serves all of them; a stamp file says when it was last made equal to pyproject.toml.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check bench clean
.DELETE_ON_ERROR:

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "ragkit needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing; the first time takes about 5 minutes, most of it compiling llama.cpp."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bundled,dev]' --constraint constraints.txt
	@touch $(STAMP)

demo: $(STAMP)
	@RAGKIT=$(BIN)/ragkit sh demo.sh

test: $(STAMP)
	$(BIN)/python -m pytest -q

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python -m pytest -q tests/benchmarks --benchmark-only

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find indexes -mindepth 1 ! -name README.md -delete
