# Fashion-MNIST, from files to pictures, with every kind of image model:
#   make -f data/fashion.mk [SIZE=small|full] [MODELS='glow ddpm ...'] [OUT=FOLDER] [BIN=FOLDER]
#
# Needs Debian's package dataset-fashion-mnist. SIZE=small takes some five minutes a model on two
# cores, SIZE=full a night for all. make -j1 is right: the programs use all cores. What is done is
# not done again, and a run that was stopped goes on from its last checkpoint.
#
# OUT/data.png has images of the data, and of each model
#   MODEL.png        64 images drawn from it
#   MODEL.curve.png  its loss over the steps of training
#   MODEL.film.png   eight images on their way from noise (ddpm, edm, ncsn), from a blur (ihdm) or
#                    from a mask (cold): a line each
#   MODEL.preview.png  images drawn in training, the last of them
# edm.classes.png has a line for each class, drawn with guidance; edm.known.png test images and,
# below each, two completions of their upper half. table.tsv has a line for each model:
#   pixels, random   Frechet distance of COUNT drawn images to the 10,000 test images, in the space
#                    of pixels and of the features of a network with random weights; the line
#                    `train` is that of as many images of the training set, `edm-early` that of edm
#                    after an eighth of its steps
#   bits, by ode, by bound   bits per dimension of test images: exact or a bound with 8 draws for
#                    glow; by the probability-flow equation (after uniform noise) and by the
#                    variational bound for ddpm, of the first BITS_ROWS

SIZE ?= small
MODELS ?= glow ddpm edm ncsn ddgan ihdm cold
OUT ?= fashion-$(SIZE)
BIN ?= $(dir $(lastword $(MAKEFILE_LIST)))../build/bin
SOURCE ?= /usr/share/datasets/fashion-mnist
export PATH := $(abspath $(BIN)):$(PATH)

ifeq ($(SIZE),full)
STEPS ?= 40000
GLOW_STEPS ?= 20000
COUNT ?= 10000
BITS_ROWS ?= 1000
unet := --channels 32 --attention 14 --dropout 0.1
ddpm_draw := --method ddpm
ncsn_draw := --steps 20
glow_net := --channels 128 --blocks 16
else
STEPS ?= 1200
GLOW_STEPS ?= 250
COUNT ?= 1000
BITS_ROWS ?= 32
unet := --channels 16
ddpm_draw := --method ddim --steps 50
ncsn_draw := --steps 5
glow_net := --channels 64 --blocks 8
endif
EARLY_STEPS ?= $(shell expr $(STEPS) / 8)

# What is trained. Pixels are 0 to 255: levels of edm and ncsn are in that unit.
training := --net unet $(unet) --batch 32 --lr 1e-3 --warmup 100 --ema 0.999 --flip
edm_levels := --process edm --sigma-min 0.5 --sigma-max 5000 --p-mean 3.9 --p-std 1.2
ncsn_levels := --process ve --levels 20 --sigma-min 2.5 --sigma-max 2500
train.edm := score-train $(edm_levels) --label --label-dropout 0.1 $(training)
train.ddpm := score-train --process ddpm $(training)
train.ncsn := score-train $(ncsn_levels) --parametrization edm $(training)
train.ihdm := score-train --process blur $(training)
train.cold := score-train --process cold --degradation mask $(training)
train.ddgan := ddgan-train --net unet $(unet) --batch 32
train.glow := flow-train --flow glow $(glow_net) --dequantize uniform --logit 1e-6 --lr 2e-3 \
  --clip-norm 1000 --warmup 20 --schedule cosine --batch 64

steps = $(if $(filter glow,$(1)),$(GLOW_STEPS),$(STEPS))

# How images are drawn.
draw.glow := flow-sample
draw.ddpm := langevin-sample $(ddpm_draw)
draw.edm := langevin-sample --method heun --steps 18
draw.ncsn := langevin-sample $(ncsn_draw)
draw.ddgan := langevin-sample
draw.ihdm := langevin-sample
draw.cold := langevin-sample

films := $(filter ddpm edm ncsn ihdm cold,$(MODELS))
film.ddpm := --method ddim --steps 50 --trajectory-every 5
film.edm := --method heun --steps 18 --trajectory-every 2
film.ncsn := $(ncsn_draw) --trajectory-every $(shell expr 2 \* $(lastword $(ncsn_draw)))
film.ihdm := --trajectory-every 10
film.cold := --trajectory-every 5

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all
all: $(OUT)/data.png $(OUT)/table.tsv $(MODELS:%=$(OUT)/%.png) $(MODELS:%=$(OUT)/%.curve.png) \
  $(films:%=$(OUT)/%.film.png) $(if $(filter edm,$(MODELS)),$(OUT)/edm.classes.png $(OUT)/edm.known.png)
	@cat $(OUT)/table.tsv

$(OUT):
	mkdir -p $@

$(SOURCE)/%:
	@echo "$@ is missing; install it with: apt-get install dataset-fashion-mnist" >&2; exit 1

$(OUT)/train.h5: $(SOURCE)/train-images-idx3-ubyte.gz $(SOURCE)/train-labels-idx1-ubyte.gz | $(OUT)
	tensor-import -o $@ $^
$(OUT)/test.h5: $(SOURCE)/t10k-images-idx3-ubyte.gz $(SOURCE)/t10k-labels-idx1-ubyte.gz | $(OUT)
	tensor-import -o $@ $^

# --resume takes what a stopped run left.
$(OUT)/%.model.h5: $(OUT)/train.h5
	$(train.$*) --steps $(call steps,$*) --checkpoint $(OUT)/$*.checkpoint.h5 \
	  --checkpoint-every 10m \
	  $$(test ! -s $(OUT)/$*.checkpoint.h5 || echo --resume $(OUT)/$*.checkpoint.h5) \
	  $(if $(filter score-train,$(train.$*)),--preview $(OUT)/$*.preview.png) -o $@ $<
$(OUT)/edm-early.model.h5: $(OUT)/train.h5
	$(train.edm) --steps $(EARLY_STEPS) -o $@ $<
# A network that has learned nothing, whose features are random.
$(OUT)/random.model.h5: $(OUT)/train.h5
	score-train $(edm_levels) --net unet --channels 32 --steps 1 --lr 1e-9 -o $@ $<

$(OUT)/%.drawn.h5: $(OUT)/%.model.h5
	$(draw.$*) -m $< -n $(COUNT) -o $@
draw.edm-early := $(draw.edm)
$(OUT)/train.drawn.h5: $(OUT)/train.h5
	tensor-import --shuffle --rows 0:$(COUNT) -o $@ $<

# Frechet distances: of pixels, and of the means over the pixels of the random network's last layer.
frechet := --metrics frechet | awk '$$1 == "frechet" { print $$2 }'
$(OUT)/%.distance.tsv: $(OUT)/%.drawn.h5 $(OUT)/random.model.h5 $(OUT)/test.h5
	printf '%s\t%.4g\t%.4g' $* $$(fid-eval $< $(OUT)/test.h5 $(frechet)) \
	  $$(fid-eval $< $(OUT)/test.h5 --features model -w $(OUT)/random.model.h5 $(frechet)) > $@

# Bits per dimension of test images, as columns of the table.
bits = awk 'NR == 1 { for (i = 1; i <= NF; ++i) if ($$i == "bits_per_dim") c = i } \
  NR == 2 { printf "\t%.3f", $$c }'
$(OUT)/few.h5: $(OUT)/test.h5
	tensor-import --rows 0:$(BITS_ROWS) -o $@ $<
$(OUT)/glow.bits.tsv: $(OUT)/glow.model.h5 $(OUT)/test.h5
	logdensity -m $< --summary $(OUT)/test.h5 | $(bits) > $@
$(OUT)/ddpm.bits.tsv: $(OUT)/ddpm.model.h5 $(OUT)/few.h5
	{ logdensity -m $< --method ode --atol 1e-3 --rtol 1e-3 --summary $(OUT)/few.h5 | $(bits); \
	  logdensity -m $< --method bound --summary $(OUT)/few.h5 | $(bits); } > $@
$(OUT)/%.bits.tsv: $(OUT)/%.drawn.h5
	: > $@

lines := train $(if $(filter edm,$(MODELS)),edm-early) $(MODELS)
$(OUT)/table.tsv: $(lines:%=$(OUT)/%.distance.tsv) $(lines:%=$(OUT)/%.bits.tsv)
	{ printf 'model\tpixels\trandom\tbits\tbits_by_bound\n'; \
	  for model in $(lines); do \
	    cat $(OUT)/$$model.distance.tsv $(OUT)/$$model.bits.tsv; echo; done; } > $@

$(OUT)/data.png: $(OUT)/train.h5
	tensor-export --rows 0:64 --grid 8 -o $@ $<
$(OUT)/%.png: $(OUT)/%.drawn.h5
	tensor-export --rows 0:64 --grid 8 --range 0,255 -o $@ $<
$(OUT)/%.curve.png: $(OUT)/%.model.h5
	tensor-plot --kind curve -o $@ $<

$(OUT)/%.film.h5: $(OUT)/%.model.h5
	langevin-sample -m $< -n 8 $(film.$*) --trajectory $@ -o /dev/null
$(OUT)/%.film.png: $(OUT)/%.film.h5
	tensor-export --range 0,255 -o $@ $<

# Eight of each class, from T-shirt to ankle boot.
classes := 0 1 2 3 4 5 6 7 8 9
$(OUT)/edm.class-%.h5: $(OUT)/edm.model.h5
	langevin-sample -m $< -n 8 --label $* --guidance 1 --seed $* -o $@
$(OUT)/edm.classes.png: $(classes:%=$(OUT)/edm.class-%.h5)
	tensor-import $^ | tensor-export --grid 8 --range 0,255 -o $@

# The lower half of ten test images is known.
$(OUT)/mask.h5: | $(OUT)
	awk 'BEGIN { for (i = 0; i < 784; ++i) printf "%d%s", i >= 392, i < 783 ? "," : "\n" }' | \
	  tensor-import --header no -o $@ -
$(OUT)/known.h5: $(OUT)/test.h5
	tensor-import --rows 0:10 -o $@ $<
$(OUT)/edm.known-%.h5: $(OUT)/edm.model.h5 $(OUT)/mask.h5 $(OUT)/known.h5
	langevin-sample -m $< --method pc --steps 100 --mask $(OUT)/mask.h5 --known $(OUT)/known.h5 \
	  --seed $* -o $@
$(OUT)/edm.known.png: $(OUT)/edm.known-1.h5 $(OUT)/edm.known-2.h5 $(OUT)/known.h5
	tensor-export --format csv --columns x $(OUT)/known.h5 | tensor-import - -o $(OUT)/known.float.h5
	tensor-import $(OUT)/known.float.h5 $(OUT)/edm.known-1.h5 $(OUT)/edm.known-2.h5 | \
	  tensor-export --grid 10 --range 0,255 -o $@
