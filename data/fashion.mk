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
#                    a few large pixels (cold): a line each
#   MODEL.preview.png  images drawn in training, the last of them
# edm.classes.png has a line for each class, drawn with guidance; edm.known.png ten test images whose
# upper halves were drawn given the lower ones, twice. table.tsv has a line for each model:
#   pixels, random   Frechet distance of COUNT drawn images to the 10,000 test images, in the space
#                    of pixels and of the units of a network with random weights; the line `train`
#                    is that of as many images of the training set, `edm-early` that of edm after an
#                    eighth of its steps; ddgan has images of 14 x 14 pixels, to be compared with
#                    train14
#   bits             bits per dimension of the test images under glow, and of the first BITS_ROWS
#                    of them under ddpm by its probability-flow equation, both with uniform noise
#   bits_by_bound    under ddpm by the variational bound

SIZE ?= small
MODELS ?= glow ddpm edm ncsn ddgan ihdm cold
OUT ?= fashion-$(SIZE)
BIN ?= $(dir $(lastword $(MAKEFILE_LIST)))../build/bin
SOURCE ?= /usr/share/datasets/fashion-mnist
export PATH := $(abspath $(BIN)):$(PATH)

ifeq ($(SIZE),full)
STEPS ?= 12000
GLOW_STEPS ?= 8000
DDGAN_STEPS ?= 30000
ddgan_ema := 0.999
COUNT ?= 5000
BITS_ROWS ?= 1000
unet := --channels 32 --attention 14 --dropout 0.1
ddpm_draw := --method ddim --steps 100
ncsn_draw := --steps 10
glow_net := --channels 128 --blocks 16
else
STEPS ?= 1200
GLOW_STEPS ?= 1000
DDGAN_STEPS ?= 3000
ddgan_ema := 0.998
COUNT ?= 1000
BITS_ROWS ?= 32
unet := --channels 16
ddpm_draw := --method ddim --steps 50
ncsn_draw := --steps 5
glow_net := --channels 64 --blocks 8
endif
EARLY_STEPS ?= $(shell expr $(STEPS) / 8)

# What is trained. Pixels are 0 to 255: levels of edm and ncsn are in that unit.
training := --net unet $(unet) --batch 32 --lr 1e-3 --warmup 50 --schedule cosine --flip
edm_levels := --process edm --sigma-min 0.5 --sigma-max 5000 --p-mean 3.9 --p-std 1.2
ncsn_levels := --process ve --levels 20 --sigma-min 2.5 --sigma-max 2500
train.edm := score-train $(edm_levels) --label --label-dropout 0.1 $(training)
# Predicting the noise alone needs longer training: a small error of it is a large one of the image.
train.ddpm := score-train --process ddpm --parametrization velocity $(training)
train.ncsn := score-train $(ncsn_levels) --parametrization edm $(training)
train.ihdm := score-train --process blur $(training)
train.cold := score-train --process cold --degradation pixelate --levels 3 $(training)
train.ddgan := ddgan-train --net unet --channels 16 --multipliers 1,2 --blocks 1 --batch 32 \
  --schedule constant --ema $(ddgan_ema)
train.glow := flow-train --flow glow $(glow_net) --dequantize variational --logit 1e-6 \
  --lr 2e-3 --clip-norm 1000 --warmup 20 --schedule cosine --batch 32

steps = $(or $(steps.$(1)),$(STEPS))
steps.glow := $(GLOW_STEPS)
steps.ddgan := $(DDGAN_STEPS)

# How images are drawn.
draw.glow := flow-sample
draw.ddpm := langevin-sample $(ddpm_draw)
draw.edm := langevin-sample --method heun --steps 18
draw.ncsn := langevin-sample $(ncsn_draw)
draw.ddgan := langevin-sample
draw.ihdm := langevin-sample --delta 0.0075
draw.cold := langevin-sample --start rows

films := $(filter ddpm edm ncsn ihdm cold,$(MODELS))
film.ddpm := --method ddim --steps 50 --trajectory-every 5
film.edm := --method heun --steps 18 --trajectory-every 2
film.ncsn := $(ncsn_draw) --trajectory-every $(shell expr 2 \* $(lastword $(ncsn_draw)))
film.ihdm := --delta 0.0075 --trajectory-every 10
film.cold := --start rows

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

# ddgan learns images of 14 x 14 pixels.
$(OUT)/train14.h5: $(SOURCE)/train-images-idx3-ubyte.gz | $(OUT)
	tensor-import --size 14x14 -o $@ $^
$(OUT)/test14.h5: $(SOURCE)/t10k-images-idx3-ubyte.gz | $(OUT)
	tensor-import --size 14x14 -o $@ $^
$(OUT)/train14.drawn.h5: $(OUT)/train14.h5
	tensor-import --shuffle --rows 0:$(COUNT) -o $@ $<
size.ddgan := 14
size.train14 := 14

# --resume takes what a stopped run left.
.SECONDEXPANSION:
$(OUT)/%.model.h5: $(OUT)/train$$(size.$$*).h5
	$(train.$*) --steps $(call steps,$*) --checkpoint $(OUT)/$*.checkpoint.h5 \
	  --checkpoint-every 10m \
	  $$(test ! -s $(OUT)/$*.checkpoint.h5 || echo --resume $(OUT)/$*.checkpoint.h5) \
	  $(if $(filter score-train ddgan-train,$(train.$*)),--preview $(OUT)/$*.preview.png) -o $@ $<
$(OUT)/edm-early.model.h5: $(OUT)/train.h5
	$(train.edm) --steps $(EARLY_STEPS) -o $@ $<
# A network that has learned nothing: two layers of 256 units with random weights.
$(OUT)/random.model.h5: $(OUT)/train.h5
	score-train -q $(edm_levels) --hidden 256 --depth 2 --steps 1 --lr 1e-9 -o $@ $<

$(OUT)/%.drawn.h5: $(OUT)/%.model.h5
	$(draw.$*) -m $< -n $(COUNT) -o $@
draw.edm-early := $(draw.edm)
$(OUT)/train.drawn.h5: $(OUT)/train.h5
	tensor-import --shuffle --rows 0:$(COUNT) -o $@ $<

$(OUT)/%.pixels.tsv: $(OUT)/%.drawn.h5 $(OUT)/test$$(size.$$*).h5
	fid-eval $^ --metrics frechet > $@
$(OUT)/%.random.tsv: $(OUT)/%.drawn.h5 $(OUT)/test.h5 $(OUT)/random.model.h5
	fid-eval $< $(OUT)/test.h5 --features model -w $(OUT)/random.model.h5 --metrics frechet > $@

# Bits per dimension of test images.
$(OUT)/few.h5: $(OUT)/test.h5
	tensor-import --rows 0:$(BITS_ROWS) -o $@ $<
$(OUT)/glow.bits.tsv: $(OUT)/glow.model.h5 $(OUT)/test.h5
	logdensity -m $< --summary $(OUT)/test.h5 > $@
$(OUT)/ddpm.bits.tsv: $(OUT)/ddpm.model.h5 $(OUT)/few.h5
	logdensity -m $< --method ode --atol 1e-3 --rtol 1e-3 --summary $(OUT)/few.h5 > $@
$(OUT)/ddpm.bound.tsv: $(OUT)/ddpm.model.h5 $(OUT)/few.h5
	logdensity -m $< --method bound --summary $(OUT)/few.h5 > $@

# A line a model, of what there is of it: the value of `frechet` in a list of metrics, and the column
# bits_per_dim of a summary.
lines := train $(if $(filter edm,$(MODELS)),edm-early) $(filter-out ddgan,$(MODELS)) \
  $(if $(filter ddgan,$(MODELS)),train14 ddgan)
bits := $(patsubst %,$(OUT)/%.tsv,$(if $(filter glow,$(MODELS)),glow.bits) \
  $(if $(filter ddpm,$(MODELS)),ddpm.bits ddpm.bound))
$(OUT)/table.tsv: $(lines:%=$(OUT)/%.pixels.tsv) $(patsubst %,$(OUT)/%.random.tsv,$(filter-out train14 ddgan,$(lines))) $(bits)
	awk 'BEGIN { printf "model\tpixels\trandom\tbits\tbits_by_bound\n" } \
	  FNR == 1 { for (i = 1; i <= NF; ++i) if ($$i == "bits_per_dim") column = i; \
	    n = split(FILENAME, part, "[/.]"); model = part[n - 2]; kind = part[n - 1] } \
	  $$1 == "frechet" { value[model, kind] = sprintf("%.4g", $$2) } \
	  FNR == 2 && kind ~ /^bo|^bits/ { value[model, kind] = sprintf("%.3f", $$column) } \
	  END { count = split("$(lines)", name, " "); for (i = 1; i <= count; ++i) \
	    printf "%s\t%s\t%s\t%s\t%s\n", name[i], value[name[i], "pixels"], \
	      value[name[i], "random"], value[name[i], "bits"], value[name[i], "bound"] }' $^ > $@

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
	tensor-import $^ | tensor-export - --grid 8 --range 0,255 -o $@

# The lower half of ten test images is known.
$(OUT)/mask.h5: | $(OUT)
	awk 'BEGIN { for (i = 0; i < 784; ++i) printf "%d%s", (i >= 392), (i < 783 ? "," : "\n") }' | \
	  tensor-import --header no -o $@ -
$(OUT)/known.h5: $(OUT)/test.h5
	tensor-import --rows 0:10 -o $@ $<
$(OUT)/edm.known-%.h5: $(OUT)/edm.model.h5 $(OUT)/mask.h5 $(OUT)/known.h5
	langevin-sample -m $< --method pc --steps 100 --mask $(OUT)/mask.h5 --known $(OUT)/known.h5 \
	  --seed $* -o $@
$(OUT)/edm.known.png: $(OUT)/edm.known-1.h5 $(OUT)/edm.known-2.h5
	tensor-import $^ | tensor-export - --grid 10 --range 0,255 -o $@
