# The front door. A fresh clone needs Python 3.11 or newer and make; everything else is made in .venv.

PYTHON ?= python3
ARGS ?=
VOICE ?= yes
COVERED = src/griot/core/*,src/griot/tools/*,src/griot/channels/*,src/griot/agent/*
COVERED_AT_LEAST = 90
SUITES = street market plaza
RUNS := .evals

BIN := .venv/bin
READY := .venv/ready
SPEECH := .venv/speech

.DEFAULT_GOAL := help
.PHONY: help demo voice test coverage check gate baseline format bench clean

help:  ## what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo '  Arguments: make demo ARGS="--once --json", make test ARGS="tests/unit -k money"'

demo: $(READY) $(if $(filter no,$(VOICE)),,voice)  ## a whole live sale on this machine: simulated phones, sandbox payments; VOICE=no: nobody speaks
	@$(BIN)/griot demo $(ARGS)

voice: $(SPEECH)  ## speech: its packages, and its models (some 230 MB, once)

test: $(READY)  ## every test, on two cores: three at a time, since many wait for processes and browsers
	@$(BIN)/pytest -n 3 $(ARGS)

coverage: $(READY)  ## every test, with branch coverage; fails when the rooms with the rules are covered too little
	@rm -f .coverage .coverage.*
	@$(BIN)/pytest -n 3 --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --include='$(COVERED)' --fail-under=$(COVERED_AT_LEAST)

check: $(READY)  ## style, types and floors, without running anything
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

gate: $(READY)  ## the suites on the offline interpreter, against the last runs that were good
	@status=0; for suite in $(SUITES); do \
		rm -rf $(RUNS)/$$suite; $(BIN)/griot eval run $$suite --out $(RUNS)/$$suite || true; \
		$(BIN)/griot eval gate tests/baselines/$$suite.jsonl $(RUNS)/$$suite $(ARGS) || status=1; \
	done; exit $$status

baseline:  ## after a good `make gate`: its runs are what later ones are measured against
	@for suite in $(SUITES); do $(BIN)/griot eval keep $(RUNS)/$$suite tests/baselines/$$suite.jsonl; done

format: $(READY)  ## bring the code into the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(READY)  ## how fast a live sale is, beside its baseline
	@$(BIN)/griot bench live $(ARGS)

clean:  ## remove everything that was made, but not the data in .griot
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* $(RUNS)
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Models that cannot be had now are no reason to stop: whoever needs them says so.
$(SPEECH): $(READY)
	@echo "Adding speech to .venv (a minute or two, once; make VOICE=no goes without) ..." >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[voice,piper]' >&2
	@$(BIN)/griot voice fetch >&2 && touch $@ || echo "The models of speech could not be fetched: nobody speaks." >&2

# Standard output stays clean for what the commands print: all this speaks on standard error.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 1>&2 || \
		{ echo "Griot needs Python 3.11 or newer: install it, or name it: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making .venv (less than a minute, once) ..." >&2
	@$(PYTHON) -m venv .venv >&2 || \
		{ echo "Python cannot make virtual environments here: on Debian, apt install python3-venv" >&2; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]' >&2
	@touch $@
