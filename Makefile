# Everything a contributor runs; `make check` is what CI runs before its slower steps.
PYTHON ?= .venv/bin/python

.PHONY: setup test coverage lint format types layers docs notebooks bench check clean

setup:  ## a virtual environment with everything
	python3 -m venv .venv
	.venv/bin/pip install -q -U pip
	.venv/bin/pip install -q -e ".[all]" --group dev

test:  ## tests, doctests of modules and of the README
	$(PYTHON) -m pytest -q

coverage:  ## branch coverage: 95 % overall, 100 % of the floors
	$(PYTHON) -m coverage run -m pytest -q
	$(PYTHON) -m coverage report --fail-under=95
	$(PYTHON) -m coverage report --include='*/leadkit/stats/*,*/leadkit/graphs/*,*/leadkit/queueing/*' --fail-under=100

lint:
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m nbstripout --verify notebooks/*.ipynb

format:
	$(PYTHON) -m ruff check --fix
	$(PYTHON) -m ruff format

types:
	$(PYTHON) -m mypy
	$(PYTHON) -m pyright --pythonpath $(PYTHON)

layers:  ## who may import whom
	$(dir $(PYTHON))lint-imports

docs:
	$(PYTHON) -m sphinx -n -W --keep-going -j auto -b html docs docs/_build/html

notebooks:
	$(PYTHON) -m pytest -q -n 0 --nbmake --override-ini=testpaths= notebooks

bench:  ## ratios against peers in the same run
	$(PYTHON) -m pytest -q -s -n 0 --override-ini=testpaths= benchmarks

check: lint types layers coverage docs notebooks

clean:
	rm -rf build dist docs/_build docs/reference/api docs/notebooks/*.ipynb .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
