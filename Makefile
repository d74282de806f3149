# `make learn` sets everything up and opens the lessons; `make help` lists the rest.
# Only relative paths here, so that the checkout may lie in a folder with spaces in its name.
.DEFAULT_GOAL := help
.PHONY: help learn test quick test-backends setup setup-dev check build lint site lock clean

COURSE := .venv/bin/python -m courseware
WHOLE_NOTEBOOKS := test_breakage.py test_digits_switch.py test_lessons.py test_offline.py test_old_names.py projects/test_worked_example.py verify

help: ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | while IFS=: read -r name rest; do printf '  make %-13s %s\n' "$$name" "$${rest#*## }"; done

learn: setup ## set up if needed, then open the lessons in JupyterLab
	@$(COURSE) lab

test: check ## set up if needed, then ruff, mypy, codespell and every test, the solutions included (one worker a core, one core a worker)
	@sh scripts/test-tools
	@OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 .venv/bin/python -m pytest -n auto --dist loadscope

quick: setup-dev ## the tests that need neither a browser nor a whole notebook
	@OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 .venv/bin/python -m pytest -n auto --dist loadscope -k "not browser" \
		$(addprefix --ignore=tests/,$(WHOLE_NOTEBOOKS)) tests courseware

test-backends: setup-dev ## install Keras's other engines, JAX and PyTorch, beside TensorFlow, and run every lesson on both
	@# On Linux pip's usual index has PyTorch with CUDA, some GB larger; PIP_EXTRA_INDEX_URL can name PyTorch's index of CPU builds.
	@grep -oE '^[a-z0-9][^\]*' requirements.txt > .venv/constraints.txt
	@.venv/bin/python -m pip install --quiet -c .venv/constraints.txt -e ".[backends]"
	@$(COURSE) verify matrix --settings jax,torch

setup: ## make or refresh .venv from requirements.txt (PYTHON=... chooses the Python)
	@PYTHON='$(PYTHON)' sh scripts/setup

setup-dev: ## the same, with what tests and authors need besides
	@PYTHON='$(PYTHON)' sh scripts/setup dev

check: setup-dev ## for authors: ruff, mypy and codespell
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m ruff format --check .
	@.venv/bin/python -m mypy
	@.venv/bin/python -m codespell_lib source quizzes glossary docs courseware *.md

build: setup-dev ## for authors: make lessons/ and solutions/ from source/
	@$(COURSE) build

lint: setup-dev ## for authors: look for faults in the lessons
	@$(COURSE) lint

site: setup-dev ## for authors: write the course as a web site into site/, and look for dead links in it
	@$(COURSE) site
	@$(COURSE) site --check

lock: setup-dev ## for authors: lock exact versions anew from pyproject.toml (UPGRADE=--upgrade takes the newest)
	@PATH="$$PWD/.venv/bin:$$PATH" .venv/bin/python scripts/lock.py $(UPGRADE)

clean: ## remove .venv and caches; my_lessons/ and your progress stay
	rm -rf .venv .venv-old .venv-cache .venv-remove build dist site .pytest_cache .hypothesis courseware.egg-info
	find . -name __pycache__ -type d -not -path './my_lessons/*' -prune -exec rm -rf {} +
