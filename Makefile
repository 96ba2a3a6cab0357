# Two commands for a fresh machine with Python 3.11, 3.12 or 3.13: `make demo` and `make test`.

PYTHON ?= python3
ENVIRONMENT ?= .venv
BIN := $(ENVIRONMENT)/bin
RUN_DIR ?= runs/demo

.PHONY: demo test slow_test notebooks lint docs clean

$(ENVIRONMENT)/installed: pyproject.toml
	$(PYTHON) -m venv $(ENVIRONMENT)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev,docs,export]'
	touch $@

# A generator trained on 345 drawn plates, and its page: at most 10 minutes on two cores.
demo: $(ENVIRONMENT)/installed
	$(BIN)/tfgan-lab train --drawn=plates --image_size=32 --images=130k \
		--snapshot_every=10 --run_dir=$(RUN_DIR)
	$(BIN)/tfgan-lab generate $(RUN_DIR) --count=60

test: $(ENVIRONMENT)/installed
	$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 -m 'not slow'

# Trainings that are killed again and again, notebooks, benchmarks that train.
slow_test: $(ENVIRONMENT)/installed
	$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 -m slow

notebooks: $(ENVIRONMENT)/installed
	$(BIN)/python -m pytest tests/test_notebooks.py

lint: $(ENVIRONMENT)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --config setup.cfg

docs: $(ENVIRONMENT)/installed
	$(BIN)/python -m sphinx -W --keep-going --quiet -b html docs docs/_build/html

clean:
	rm -rf $(ENVIRONMENT) docs/_build docs/api
