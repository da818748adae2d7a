# Held-out log density, flow by flow:  make -f data/table.mk [OUT=FOLDER] [STEPS=N] [BIN=FOLDER]
#                                        [FLOWS='realnvp ...'] [SETS='wine ...']
#
# Needs Debian's packages python3-sklearn (four small tables) and dataset-fashion-mnist. Every flow
# is fitted to every set: it learns from the rows of train.h5, the weights best on validation.h5 are
# kept, and test.h5 is scored. gaussian is the normal distribution with the mean and the covariance
# of train.h5: a flow that does not beat it has learned nothing that is not linear.
#
# The printed table.tsv has a line for each set and flow: dimension, rows of test.h5, the mean of
# their log density (nats, in units of the rows; higher is better) and its standard error, steps
# until training ended and its seconds. Rows of one set are the same for all flows, so differences
# between flows are surer than the standard errors say.
#
# Digits, diabetes and Fashion-MNIST hold whole numbers, and at whole numbers a density has no bound.
# Their leading principal components, fewer than there are columns, have no such places.

OUT ?= table
STEPS ?= 3000
FLOWS ?= gaussian realnvp glow maf spline spline-ar
SETS ?= wine cancer diabetes digits fashion-8 fashion-21 fashion-43 fashion-63
BIN ?= $(dir $(lastword $(MAKEFILE_LIST)))../build/bin
SKLEARN ?= /usr/lib/python3/dist-packages/sklearn/datasets/data
FASHION ?= /usr/share/datasets/fashion-mnist
export PATH := $(abspath $(BIN)):$(PATH)

# Some hundred rows, or 60,000. Few rows are soon learned by heart: a small network, averaged
# weights, a validation every few steps and an early end.
size = $(if $(filter fashion-%,$(1)),large,small)
training.small := --batch 64 --ema 0.99 --validate-every 20 --patience 30
training.large := --batch 512 --schedule cosine --patience 10
part.small := 0.6
part.large := 0.8

# A flow has its own network, or the default. Couplings without a linear layer between move half of
# the columns and get twice the layers; spline-ar has the widest output and gets a smaller network;
# a planar or radial layer bends the rows once and has none.
network.small := --layers 4 --hidden 32
network.large := --layers 5 --hidden 256
network.small.nice := --layers 8 --hidden 32
network.large.nice := --layers 10 --hidden 256
network.small.realnvp := $(network.small.nice)
network.large.realnvp := $(network.large.nice)
network.large.spline-ar := --layers 5 --hidden 128
network.small.planar := --layers 16
network.large.planar := --layers 32
network.small.radial := $(network.small.planar)
network.large.radial := $(network.large.planar)

lines := $(foreach set,$(SETS),$(foreach flow,$(FLOWS),$(OUT)/$(set)/$(flow).tsv))
kept := $(lines:.tsv=.model.h5) $(foreach set,$(SETS),$(addprefix $(OUT)/$(set)/, \
  .folder rows.h5 train.h5 rest.h5 validation.h5 test.h5))

.DELETE_ON_ERROR:
.SECONDARY: $(kept)
.SECONDEXPANSION:
.PHONY: all
all: $(OUT)/table.tsv
	@cat $<

$(OUT)/table.tsv: $(lines)
	{ printf 'data\tflow\tdimension\trows\tln_p\tstandard_error\tsteps\tseconds\n'; cat $^; } > $@

$(OUT)/%/.folder:
	mkdir -p $(@D) && touch $@

$(SKLEARN)/%:
	@echo "$@ is missing; install it with: apt-get install python3-sklearn" >&2; exit 1
$(FASHION)/%:
	@echo "$@ is missing; install it with: apt-get install dataset-fashion-mnist" >&2; exit 1

$(OUT)/wine/rows.h5: $(SKLEARN)/wine_data.csv $(OUT)/wine/.folder
	tensor-import --label-column -1 -o $@ $<
$(OUT)/cancer/rows.h5: $(SKLEARN)/breast_cancer.csv $(OUT)/cancer/.folder
	tensor-import --label-column -1 -o $@ $<
# The second column is the sex, 1 or 2.
$(OUT)/diabetes/rows.h5: $(SKLEARN)/diabetes_data_raw.csv.gz $(OUT)/diabetes/.folder
	tensor-import --label-column 2 --pca 6 -o $@ $<
$(OUT)/digits/rows.h5: $(SKLEARN)/digits.csv.gz $(OUT)/digits/.folder
	tensor-import --label-column -1 --pca 16 -o $@ $<
$(OUT)/fashion-%/rows.h5: $(FASHION)/train-images-idx3-ubyte.gz $(OUT)/fashion-%/.folder
	tensor-import --pca $* -o $@ $<

$(OUT)/%/train.h5 $(OUT)/%/rest.h5: $(OUT)/%/rows.h5
	tensor-import --shuffle --split $(part.$(call size,$*)) -o $(@D)/train.h5 --rest $(@D)/rest.h5 $<
$(OUT)/%/validation.h5 $(OUT)/%/test.h5: $(OUT)/%/rest.h5
	tensor-import --split 0.5 -o $(@D)/validation.h5 --rest $(@D)/test.h5 $<

# Rows (1) or columns (2) of a file of rows.
extent = $$(tensor-export --summary $(1) | sed -n 's/^\/x[^0-9]*\([0-9]*\), \([0-9]*\).*/\$(2)/p')

# The covariance is the scatter over the rows less one; CSV wants a component in one line.
$(OUT)/%/gaussian.model.h5: $(OUT)/%/train.h5
	fid-eval --save-stats $(@D)/gaussian.stats.h5 $<
	tensor-export --format csv --columns mean $(@D)/gaussian.stats.h5:/mean | \
	  tail -n +2 | paste -sd, > $(@D)/gaussian.mean.csv
	tensor-export --format csv --columns scatter $(@D)/gaussian.stats.h5:/scatter | \
	  tail -n +2 | tr ',' '\n' | awk -v rows=$(call extent,$<,1) \
	  '{ printf "%.17g\n", $$1 / (rows - 1) }' | paste -sd, > $(@D)/gaussian.covariance.csv
	tensor-gen mixture --model --means $(@D)/gaussian.mean.csv \
	  --covariances $(@D)/gaussian.covariance.csv -o $@
	printf '0\t0\n' > $(@:.model.h5=.log.tsv)

$(OUT)/%.model.h5: $$(@D)/train.h5 $$(@D)/validation.h5
	flow-train --flow $(*F) $(or $(network.$(call size,$*).$(*F)),$(network.$(call size,$*))) \
	  $(training.$(call size,$*)) --standardize --steps $(STEPS) --lr 1e-3 \
	  --validation $(@D)/validation.h5 --log $(@:.model.h5=.log.tsv) -o $@ $<

# The end of the training log tells steps and seconds.
$(OUT)/%.tsv: $(OUT)/%.model.h5 $$(@D)/test.h5
	logdensity -m $< --summary $(@D)/test.h5 > $(@:.tsv=.density.tsv)
	awk -F '\t' -v set=$(*D) -v flow=$(*F) -v columns=$(call extent,$(@D)/test.h5,2) ' \
	  NR == 2 { rows = $$1; mean = $$2; error = $$3 } \
	  { steps = $$1; seconds = $$2 } \
	  END { printf "%s\t%s\t%d\t%d\t%.3f\t%.3f\t%d\t%.0f\n", \
	    set, flow, columns, rows, mean, error, steps, seconds }' \
	  $(@:.tsv=.density.tsv) $(@:.tsv=.log.tsv) > $@
