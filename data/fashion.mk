# Fashion-MNIST, from files to pictures:  make -f data/fashion.mk [OUT=FOLDER] [STEPS=N] [BIN=FOLDER]
#
# Needs Debian's package dataset-fashion-mnist. The images are scaled to 14 x 14 pixels, and a score
# model (a plain network, no convolutions) learns them in a few minutes. Drawn images are compared
# with the 10,000 test images, and so are as many training images, which is the best one can hope
# for. Pixels are numbers from 0 to 255, and the noise levels are chosen for that.

OUT ?= fashion
STEPS ?= 6000
BIN ?= $(dir $(lastword $(MAKEFILE_LIST)))../build/bin
SOURCE ?= /usr/share/datasets/fashion-mnist
export PATH := $(abspath $(BIN)):$(PATH)

pictures := $(addprefix $(OUT)/,data.png drawn.png curve.png)
tables := $(addprefix $(OUT)/,drawn.distance.tsv train.distance.tsv)

.DELETE_ON_ERROR:
.PHONY: all
all: $(pictures) $(tables)
	@for table in $(tables); do echo "$$table"; cat "$$table"; done

$(OUT):
	mkdir -p $@

$(SOURCE)/%:
	@echo "$@ is missing; install it with: apt-get install dataset-fashion-mnist" >&2; exit 1

$(OUT)/train.h5: $(SOURCE)/train-images-idx3-ubyte.gz $(SOURCE)/train-labels-idx1-ubyte.gz | $(OUT)
	tensor-import --size 14x14 -o $@ $^
$(OUT)/test.h5: $(SOURCE)/t10k-images-idx3-ubyte.gz $(SOURCE)/t10k-labels-idx1-ubyte.gz | $(OUT)
	tensor-import --size 14x14 -o $@ $^

$(OUT)/score.model.h5: $(OUT)/train.h5
	score-train --process edm --hidden 512 --depth 3 --steps $(STEPS) --schedule cosine \
	  --sigma-data 80 --sigma-min 0.5 --sigma-max 5000 --p-mean 3.9 --p-std 1.2 -o $@ $<

$(OUT)/drawn.h5: $(OUT)/score.model.h5
	langevin-sample -m $< -n 10000 --method heun --steps 24 -o $@

$(OUT)/drawn.distance.tsv: $(OUT)/drawn.h5 $(OUT)/test.h5
	fid-eval $^ --metrics frechet,sliced-wasserstein > $@
$(OUT)/train.distance.tsv: $(OUT)/train.h5 $(OUT)/test.h5
	tensor-import --shuffle --rows 0:10000 $< | \
	  fid-eval - $(OUT)/test.h5 --metrics frechet,sliced-wasserstein > $@

$(OUT)/data.png: $(OUT)/train.h5
	tensor-export --rows 0:64 --grid 8 -o $@ $<
$(OUT)/drawn.png: $(OUT)/drawn.h5
	tensor-export --rows 0:64 --grid 8 --range 0,255 -o $@ $<
$(OUT)/curve.png: $(OUT)/score.model.h5
	tensor-plot --kind curve -o $@ $<
