# make demo   set everything up and answer three questions from corpus/
# make test   set everything up and run all tests
# make check  lint and types
# make kill   kill an ingest before every one of its writes (more than an hour)
# One .venv serves all of them; a stamp file says when it was last made equal to pyproject.toml.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

DEMO_QUESTIONS := \
  "What are the office hours of Dr. Marwede?" \
  "How does byte-pair encoding work?" \
  "How much does a parking permit for the campus cost?"

.PHONY: demo test check kill bench clean
.DELETE_ON_ERROR:

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "ragkit needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing; the first time takes about 5 minutes, most of it compiling llama.cpp."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bundled,dev]' --constraint constraints.txt
	@touch $(STAMP)

# A fact, an explanation, and a question that the course does not answer (exit code 3).
demo: $(STAMP)
	@echo '$$ ragkit ingest'
	@$(BIN)/ragkit ingest
	@for question in $(DEMO_QUESTIONS); do \
	  printf '\n$$ ragkit ask "%s"\n' "$$question"; \
	  $(BIN)/ragkit ask "$$question" || test $$? -eq 3 || exit 1; \
	done

test: $(STAMP)
	$(BIN)/python -m pytest -q

kill: $(STAMP)
	RAGKIT_KILL_POINTS=100000 $(BIN)/python -m pytest -q tests/ingest/test_kill.py

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# RAGKIT_BENCH_CHUNKS=1000000 make bench  for a large index; see tests/benchmarks/test_scale.py
bench: $(STAMP)
	$(BIN)/python -m pytest -q tests/benchmarks --benchmark-only

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find indexes -mindepth 1 ! -name README.md -delete
