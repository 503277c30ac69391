# Thin calls of build/dev.py, which also works where there is no make: python build/dev.py run
PYTHON ?= python3
ARGS ?=

.PHONY: run test check check-models setup lock translations samples bench

run test check check-models setup lock translations samples bench:
	@$(PYTHON) build/dev.py $@ $(ARGS)
