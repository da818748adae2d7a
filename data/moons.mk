# Two moons, from rows to pictures:  make -f data/moons.mk [OUT=FOLDER] [STEPS=N] [BIN=FOLDER]
#
# A flow and a score model learn the moons; both are sampled; the flow's density and the distances
# to held-out rows are printed. Every output appears whole or not at all, so an interrupted run is
# continued by running make again.

OUT ?= moons
STEPS ?= 4000
ROWS ?= 20000
BIN ?= $(dir $(lastword $(MAKEFILE_LIST)))../build/bin
export PATH := $(abspath $(BIN)):$(PATH)

pictures := $(addprefix $(OUT)/,data.png flow.png score.png density.png field.png curve.png)
tables := $(addprefix $(OUT)/,flow.density.tsv flow.distance.tsv score.distance.tsv)

.DELETE_ON_ERROR:
.PHONY: all
all: $(pictures) $(tables)
	@for table in $(tables); do echo "$$table"; cat "$$table"; done

$(OUT):
	mkdir -p $@

$(OUT)/train.h5: | $(OUT)
	tensor-gen moons -n $(ROWS) --seed 1 -o $@
$(OUT)/test.h5: | $(OUT)
	tensor-gen moons -n $(ROWS) --seed 2 -o $@

$(OUT)/flow.model.h5: $(OUT)/train.h5
	flow-train --flow realnvp --steps $(STEPS) --schedule cosine --validation 0.1 -o $@ $<
$(OUT)/score.model.h5: $(OUT)/train.h5
	score-train --objective denoise --process edm --steps $(STEPS) --schedule cosine --ema 0.999 -o $@ $<

$(OUT)/flow.h5: $(OUT)/flow.model.h5
	flow-sample -m $< -n $(ROWS) -o $@
$(OUT)/score.h5: $(OUT)/score.model.h5
	langevin-sample -m $< -n $(ROWS) -o $@

$(OUT)/%.density.tsv: $(OUT)/%.model.h5 $(OUT)/test.h5
	logdensity -m $< --summary $(OUT)/test.h5 > $@
$(OUT)/%.distance.tsv: $(OUT)/%.h5 $(OUT)/test.h5
	fid-eval $^ --metrics frechet,sliced-wasserstein,mmd > $@

$(OUT)/data.png: $(OUT)/train.h5
	tensor-plot --kind scatter -o $@ $<
$(OUT)/flow.png $(OUT)/score.png: $(OUT)/%.png: $(OUT)/%.h5
	tensor-plot --kind scatter -o $@ $<
$(OUT)/density.png: $(OUT)/flow.model.h5
	tensor-plot --kind density -m $< -o $@
$(OUT)/field.png: $(OUT)/score.model.h5
	tensor-plot --kind score -m $< -o $@
$(OUT)/curve.png: $(OUT)/flow.model.h5
	tensor-plot --kind curve -o $@ $<
