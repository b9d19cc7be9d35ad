# make report   the report on seeds/, written to report/
# make test     every test; PYTEST_OPTIONS are passed to pytest
# make test-fast   the tests that take no more than a few seconds each
# make bench    the tables of tests/benchmarks/README.md: those of seeds/ and, with DATA="FILE …", files of labelled articles,
#               the tables named in TABLES (speed, pipeline, stories, relations, languages) on those files; with
#               TABLES=stories, TUNE="FILE …" are the files on which the others' thresholds are chosen; SCALE="FILE …"
#               are the labelled articles that batches of SIZES articles are made from, of the first SENTENCES of
#               each if given; RECALL="FILE …" are articles whose sentences the index of neighbours is tried on
# make lint     style, types, and who imports whom
# make notebooks   runs notebooks/ anew, outputs and all
# make setup    only the virtual environment, made anew where pyproject.toml or constraints.txt changed
# make clean    away with everything made here

PYTHON ?= python3
DATA ?=
TABLES ?= speed stories
TUNE ?=
SCALE ?=
SENTENCES ?=
RECALL ?=
SIZES ?= 1000 10000 30000 100000
PYTEST_OPTIONS ?=

.PHONY: setup report test test-fast bench lint notebooks clean

setup: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt
	test -x .venv/bin/python || $(PYTHON) -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,dev,scale,browser]'
	touch $@

report: setup
	.venv/bin/detector report seeds --output report

test: setup
	.venv/bin/python -m pytest $(PYTEST_OPTIONS)

test-fast: setup
	.venv/bin/python -m pytest -m "not slow" $(PYTEST_OPTIONS)

bench: setup
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	.venv/bin/python -m tests.benchmarks.benchmark seeds seeds
	.venv/bin/python -m tests.benchmarks.benchmark cleaning seeds
	$(if $(DATA),for table in $(TABLES); do .venv/bin/python -m tests.benchmarks.benchmark $$table $(DATA) $(if $(TUNE),--tune $(TUNE)) || exit; done)
	$(if $(SCALE),.venv/bin/python -m tests.benchmarks.batch_size $(SCALE) --sizes $(SIZES) $(if $(SENTENCES),--sentences $(SENTENCES)))
	$(if $(RECALL),.venv/bin/python -m tests.benchmarks.neighbour_recall $(RECALL))
	.venv/bin/python -m tests.benchmarks.reading_speed seeds
	.venv/bin/python -m tests.benchmarks.markdown_tables README.md tests/benchmarks/README.md

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache --no-logo

notebooks: setup
	.venv/bin/python notebooks/execute.py

clean:
	rm -rf .venv report build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/reporting/page/js/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
