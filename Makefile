# What can be done with a checkout of Kashaf; `make help` lists it. Everything is installed into
# .venv, a virtual environment of the checkout's own. Needs Python, and for speed a C compiler.

PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
BUILT_FROM := setup.cfg setup.py pyproject.toml $(wildcard kernels/*.pyx kernels/*.pxd kernels/*.pxi)
DEMO := build/demo
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -g -fno-omit-frame-pointer

.PHONY: help demo test lint bench stress lexicon docs kernels debug-kernels sanitized-kernels wheel clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(VENV)/installed  ## install Kashaf, index examples/ and search it
	@rm -rf $(DEMO) && mkdir -p $(DEMO) && cp -r examples $(DEMO) && rm $(DEMO)/examples/README.md
	@echo '$$ kashaf index examples' && cd $(DEMO) && $(BIN)/kashaf index examples
	@cd $(DEMO) && for query in مدارس '"اتفاقية عسكرية"' السِّرَاجَ; do \
	    printf "\n$$ kashaf search -n 3 '%s'\n" "$$query" && $(BIN)/kashaf search -n 3 "$$query" || exit; \
	done
	@printf '\nTry your own: cd $(DEMO) && $(BIN)/kashaf search ...\n'

test: $(VENV)/tools  ## install the test extra and run the whole suite
	$(BIN)/python -m pytest

lint: $(VENV)/tools build/lint/kashaf  ## ruff, and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MYPYPATH=build/lint $(BIN)/mypy --strict -p kashaf

bench: $(VENV)/installed  ## measure against other engines; see docs/benchmarks.md
	$(BIN)/python bench/run.py

stress: $(VENV)/tools  ## the tests that take minutes or gigabytes, in tests/stress/
	set -e; for file in tests/stress/*.py; do echo $$file; $(BIN)/python $$file; done

lexicon: $(VENV)/installed  ## write arabic/data/ anew from its sources
	$(PIP) install -e '.[lexicon]'
	$(BIN)/python -m kashaf.arabic.build

docs: $(VENV)/installed  ## write docs/api.md, the man page and the output in the tutorials anew
	$(BIN)/python docs/make_api.py
	$(BIN)/python docs/make_man.py
	$(BIN)/python docs/make_tutorial.py

kernels: $(VENV)/installed  ## compile the kernels anew
	$(PIP) install --no-deps -e .

debug-kernels: $(VENV)/installed  ## compile them with bounds checks, for a hunt; `make kernels` goes back
	KASHAF_DEBUG_KERNELS=1 $(PIP) install --no-deps -e .

sanitized-kernels: $(VENV)/tools  ## run the kernels' tests and forged indexes under gcc's checks of memory
	$(PIP) install cython setuptools
	CFLAGS="$(SANITIZE)" LDFLAGS="$(SANITIZE)" $(BIN)/python setup.py build_ext --inplace --force
	status=0; export ASAN_OPTIONS=detect_leaks=0 PYTHONMALLOC=malloc; \
	    export LD_PRELOAD="$$(gcc -print-file-name=libasan.so) $$(gcc -print-file-name=libubsan.so)"; \
	    $(BIN)/python -m pytest tests/kernels -q && $(BIN)/python tests/stress/forged.py || status=$$?; \
	    unset LD_PRELOAD; $(BIN)/python setup.py build_ext --inplace --force && exit $$status

wheel: $(VENV)/installed  ## build sdist and wheel into dist/
	$(PIP) install build
	$(BIN)/python -m build

clean:  ## remove all that was made
	rm -rf $(VENV) build dist kashaf.egg-info kernels/*.c kernels/*.so

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python $(BUILT_FROM)
	$(PIP) install -e .
	@touch $@

$(VENV)/tools: $(VENV)/bin/python $(BUILT_FROM)
	$(PIP) install -e '.[test,lint]'
	@touch $@ $(VENV)/installed

build/lint/kashaf:
	@mkdir -p $(@D) && ln -s ../.. $@
