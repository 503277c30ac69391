# Thin calls of build/dev.py, which also works where there is no make: python build/dev.py run
PYTHON ?= python3
ARGS ?=

.PHONY: run test check check-models setup lock translations samples bench

run test check check-models setup lock translations samples bench:
	@$(PYTHON) build/dev.py $@ $(ARGS)

# A recipe needs the data sets and a Python with PyTorch: make train-starter-tags DATA=FOLDER TORCH=PYTHON
.PHONY: train-starter-vision train-starter-caption train-starter-tags train-starter-embed train-starter-answer
.PHONY: train-starter-sentiment-text train-starter-face train-starter-voice train-starter-fusion train-classic

train-starter-vision train-starter-caption train-starter-tags train-starter-embed train-starter-answer:
	@$(TRAIN)

train-starter-sentiment-text train-starter-face train-starter-voice train-starter-fusion train-classic:
	@$(TRAIN)

define TRAIN
test -n "$(DATA)" -a -n "$(TORCH)" || { echo "make $@ DATA=FOLDER-OF-THE-SETS TORCH=PYTHON-WITH-PYTORCH"; exit 2; }
$(TORCH) build/models/train.py $(@:train-%=%) --data "$(DATA)" $(ARGS)
endef
