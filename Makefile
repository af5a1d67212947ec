# make demo   install into .venv and show the main job on a sample inbox
# make test   install and run every check
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# pip compiles what it installs, but not an editable checkout: without this every start compiles it anew.
COMPILE := $(BIN)/python -m compileall -q replykit plugins

.PHONY: demo test picture clean

demo: .venv/base
	$(BIN)/python demo/run.py --out build/demo

test: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2

# The picture in the README: the program's own output.
picture: .venv/base
	$(BIN)/python demo/picture.py docs/reply.svg

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/base: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	$(COMPILE)
	touch $@

.venv/dev: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable '.[dev]'
	$(COMPILE)
	touch .venv/base $@

clean:
	rm -rf .venv build dist
