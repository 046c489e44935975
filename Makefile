# Everything a contributor runs; `make check` is what CI runs before its slower steps.
PYTHON ?= .venv/bin/python

.PHONY: setup test coverage lowest extras lint format types layers api docs notebooks bench check clean

setup:  ## a virtual environment with everything
	python3 -m venv .venv
	.venv/bin/pip install -q -U pip
	.venv/bin/pip install -q -e ".[all]" --group dev

test:  ## tests, and the examples in docstrings
	$(PYTHON) -m pytest -q

coverage:  ## branch coverage: 95 % overall, 100 % of the floors
	$(PYTHON) -m coverage run -m pytest -q
	$(PYTHON) -m coverage report --fail-under=95
	$(PYTHON) -m coverage report --include='*/leadkit/stats/*,*/leadkit/graphs/*,*/leadkit/queueing/*' --fail-under=100

lowest:  ## the tests with the lowest versions that pyproject.toml allows
	rm -rf .venv-lowest
	.ci/lowest.sh .venv-lowest
	.ci/test_lowest.sh .venv-lowest

extras:  ## the package without extras, and with each alone
	rm -rf build/extras
	$(PYTHON) -m pip wheel -q --no-deps -w build/extras/wheel .
	.ci/extras.sh build/extras/wheel/*.whl build/extras

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

LAST = $(shell git describe --tags --abbrev=0 2>/dev/null)
api:  ## what the last tag had in public is still there
ifeq ($(LAST),)
	@echo "no tag yet to hold the public API against"
else
	$(dir $(PYTHON))griffe check leadkit -s src -a $(LAST)
endif

docs:
	$(PYTHON) -m sphinx -n -W --keep-going -j auto -b html docs docs/_build/html

notebooks:
	$(PYTHON) -m pytest -q -n 0 --nbmake --override-ini=testpaths= notebooks

bench:  ## ratios against peers in the same run
	$(PYTHON) -m pytest -q -s -n 0 --override-ini=testpaths= benchmarks

check: lint types layers api coverage docs notebooks

clean:
	rm -rf .venv-lowest build dist docs/_build docs/reference/api docs/notebooks/*.ipynb .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
