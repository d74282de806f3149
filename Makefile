# `make learn` sets everything up and opens the lessons; `make help` lists the rest.
# Only relative paths here, so that the checkout may lie in a folder with spaces in its name.
.DEFAULT_GOAL := help
.PHONY: help learn test test-backends setup build lint lock clean

COURSE := .venv/bin/python -m courseware.cli

help: ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | while IFS=: read -r name rest; do printf '  make %-13s %s\n' "$$name" "$${rest#*## }"; done

learn: setup ## set up if needed, then open the lessons in JupyterLab
	@$(COURSE) lab

test: setup ## set up if needed, then run every test, the solutions included (one worker a core, one core a worker)
	@OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 .venv/bin/python -m pytest -n auto

test-backends: setup ## install Keras's other engines, JAX and PyTorch, beside TensorFlow, and run every lesson on both
	@# On Linux pip's usual index has PyTorch with CUDA, some GB larger; PIP_EXTRA_INDEX_URL can name PyTorch's index of CPU builds.
	@.venv/bin/python -m pip install --quiet -c requirements.txt -e ".[backends]"
	@$(COURSE) verify matrix --settings jax,torch

setup: ## make or refresh .venv from requirements.txt (PYTHON=... chooses the Python)
	@PYTHON='$(PYTHON)' sh scripts/setup

build: setup ## for authors: make lessons/ and solutions/ from source/
	@$(COURSE) build

lint: setup ## for authors: look for faults in the lessons
	@$(COURSE) lint

lock: ## for authors: compile requirements.txt from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --custom-compile-command "make lock" -o requirements.txt

clean: ## remove .venv and caches; my_lessons/ and your progress stay
	rm -rf .venv .venv-remove build dist .pytest_cache .hypothesis courseware.egg-info
	find . -name __pycache__ -type d -not -path './my_lessons/*' -prune -exec rm -rf {} +
