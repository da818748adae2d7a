# Quality against evaluations of the score, sampler by sampler, and held-out log density, model by
# model:  make -f data/diffusion.mk [OUT=FOLDER] [STEPS=N] [FLOW_STEPS=N] [ROWS=N] [SETS='moons ...']
#           [MODELS='vp edm ...'] [BIN=FOLDER]
#
# Two sets of rows in the plane, and 16 principal components of Fashion-MNIST (Debian's package
# dataset-fashion-mnist; left out where it is not installed). A spline flow and a score model for
# each process learn from the rows of train.h5; the score models are sampled by their methods with
# several numbers of steps. make -j2 works, and what is done is not done again.
#
# table.tsv has a line for each sample of ROWS rows:
#   setting        steps; steps a level of annealed; the tolerance (atol = rtol) of ode and adaptive
#   evaluations    of the score, a row, on average
#   frechet, mmd   distances to the rows of test.h5; those of the model fresh, rows of the
#                  distribution itself, are what a perfect sampler would reach
#   ln_p_sample    mean log density of the sample under the truth, where that is known: low where
#                  rows lie where there should be none, high where they crowd on the modes
#   ln_p_test      mean log density of test.h5 under the model, by its probability-flow equation
# density.tsv has a line for each model: ln_p of the rows of test.h5 in nats, and where the truth
# is known KL, its mean less the model's, each with the standard error of the mean; and the median
# of ln_p, which does not follow the few rows that a model knows nothing of.
# SET.png has a panel for each process, with curves of mmd against evaluations, one a method.
# Frechet distances see means and covariances alone, which a poor sample in the plane may have
# right. Below 1e-4 mmd is noise.

OUT ?= diffusion
STEPS ?= 5000
FLOW_STEPS ?= 10000
ROWS ?= 10000
SETS ?= 8gaussians moons fashion
MODELS ?= ncsn ve vp vp-ml subvp subvp-ml edm ddpm
BIN ?= $(dir $(lastword $(MAKEFILE_LIST)))../build/bin
FASHION ?= /usr/share/datasets/fashion-mnist
export PATH := $(abspath $(BIN)):$(PATH)

ifeq ($(wildcard $(FASHION)/train-images-idx3-ubyte.gz),)
ifneq ($(filter fashion,$(SETS)),)
$(info fashion is left out: install it with: apt-get install dataset-fashion-mnist)
endif
override SETS := $(filter-out fashion,$(SETS))
endif

# What is trained. Levels of ncsn, ve and edm are in units of the rows: some 2 is the deviation of a
# column in the plane, some hundreds are those of Fashion-MNIST's components. vp, subvp and ddpm
# standardise. ncsn and ve predict what edm does: the highest of their levels is a multiple of the
# data's deviation, where predicting the noise alone loses digits.
training := --steps $(STEPS) --batch 1024 --schedule cosine
network.fashion := --hidden 256
model.ncsn := --process ve --objective dsm --parametrization edm
model.ve := --process ve --objective dsm --levels continuous --parametrization edm
model.vp := --process vp --objective dsm
model.vp-ml := --process vp --objective ml
model.subvp := --process subvp --objective dsm
model.subvp-ml := --process subvp --objective ml
model.edm := --process edm
model.ddpm := --process ddpm
plane.ncsn := --levels 15 --sigma-min 0.05 --sigma-max 10
plane.ve := --sigma-max 20
plane.edm := --p-mean -0.6
fashion.ncsn := --levels 30 --sigma-min 10 --sigma-max 6000
fashion.ve := --sigma-min 2 --sigma-max 10000
fashion.edm := --p-mean 5 --sigma-min 1 --sigma-max 20000
levels = $($(if $(filter fashion,$(1)),fashion,plane).$(2))

# How a model is sampled, and how finely.
LONG ?= 5 10 20 50 100 1000
SHORT ?= 5 10 20 50 100
A_LEVEL ?= 1 3 10 30 100
SDE_TOLERANCES ?= 0.5 0.1 0.02
ODE_TOLERANCES ?= 1e-1 1e-2 1e-3 1e-5
stochastic := pc euler-maruyama reverse-diffusion adaptive
deterministic := heun dpm++ ode
methods.ncsn := annealed
methods.ve := $(stochastic) ancestral $(deterministic)
methods.vp := $(stochastic) ancestral $(deterministic)
methods.vp-ml := euler-maruyama heun ode
# reverse-diffusion takes euler-maruyama's steps where the process is subvp.
methods.subvp := $(filter-out reverse-diffusion,$(stochastic)) $(deterministic)
methods.subvp-ml := $(methods.vp-ml)
methods.edm := euler-maruyama $(deterministic)
methods.ddpm := ddpm-fixed-small ddpm-fixed-large ddim-0 ddim-1 $(deterministic)
settings.annealed := $(A_LEVEL)
settings.adaptive := $(SDE_TOLERANCES)
settings.ode := $(ODE_TOLERANCES)
$(foreach method,heun dpm++ ddim-0,$(eval settings.$(method) := $(SHORT)))
settings = $(or $(settings.$(1)),$(LONG))
option.ddpm-fixed-small := --method ddpm --variance fixed-small
option.ddpm-fixed-large := --method ddpm --variance fixed-large
option.ddim-0 := --method ddim --eta 0
option.ddim-1 := --method ddim --eta 1
option = $(or $(option.$(1)),--method $(1)) \
  $(if $(filter ode adaptive,$(1)),--atol $(2) --rtol $(2),--steps $(2))

# A sample is SET/MODEL/METHOD/SETTING.
samples = $(foreach set,$(SETS),$(foreach model,$(1),$(foreach method,$(methods.$(model)), \
  $(foreach setting,$(call settings,$(method)),$(set)/$(model)/$(method)/$(setting)))))
lines := $(foreach sample,$(call samples,$(MODELS)),$(OUT)/$(sample).tsv) \
  $(foreach set,$(SETS),$(OUT)/$(set)/fresh.tsv)
densities := $(foreach set,$(SETS),$(foreach model,$(if $(filter 8gaussians,$(set)),truth) \
  spline $(MODELS),$(OUT)/$(set)/$(model).density.tsv))
pictures := $(foreach set,$(SETS),$(OUT)/$(set).png)
kept = $(foreach sample,$(call samples,$(MODELS)),$(OUT)/$(sample).h5) \
  $(densities:.tsv=.csv) $(densities:.density.tsv=.model.h5) $(foreach set,$(SETS),$(addprefix \
  $(OUT)/$(set)/,.folder rows.h5 shuffled.h5 train.h5 test.h5 fresh.h5 truth.density.csv))
part = $(word $(1),$(subst /, ,$(2)))
of_set = $(OUT)/$(call part,1,$(1))
of_model = $(call of_set,$(1))/$(call part,2,$(1))
truth = $(if $(filter 8gaussians,$(call part,1,$(1))),$(OUT)/8gaussians/truth$(2))

.DELETE_ON_ERROR:
.SECONDARY: $(kept)
.SECONDEXPANSION:
.PHONY: all
all: $(OUT)/table.tsv $(OUT)/density.tsv $(pictures)
	@cat $(OUT)/table.tsv $(OUT)/density.tsv

header := data\tmodel\tmethod\tsetting\tevaluations\tfrechet\tmmd\tln_p_sample\tln_p_test
$(OUT)/table.tsv: $(lines)
	{ printf '$(header)\n'; cat $^; } > $@
$(OUT)/density.tsv: $(densities)
	{ printf 'data\tmodel\trows\tln_p\tstandard_error\tKL\tKL_error\tmedian\n'; cat $^; } > $@

# Those of a process trained by likelihood have few methods and no panel.
panels = $(filter-out %-ml,$(MODELS))
$(OUT)/%.curve.tsv: $(OUT)/table.tsv
	awk -F '\t' -v set=$(*D) -v model=$(*F) 'NR == 1 || ($$1 == set && $$2 == model)' $< > $@
$(pictures): $(OUT)/%.png: $$(foreach model,$$(panels),$(OUT)/$$*/$$(model).curve.tsv)
	tensor-plot $^ --columns evaluations,mmd,method --log --log-x --range 4:2500,3e-5:0.6 \
	  $(foreach model,$(panels),--title $(model)) -o $@

$(OUT)/%/.folder:
	mkdir -p $(@D) && touch $@

$(OUT)/8gaussians/train.h5 $(OUT)/moons/train.h5: $(OUT)/%/train.h5: $(OUT)/%/.folder
	tensor-gen $* -n 50000 --seed 1 -o $@
$(OUT)/8gaussians/test.h5 $(OUT)/moons/test.h5: $(OUT)/%/test.h5: $(OUT)/%/.folder
	tensor-gen $* -n $(ROWS) --seed 2 -o $@
$(OUT)/8gaussians/fresh.h5 $(OUT)/moons/fresh.h5: $(OUT)/%/fresh.h5: $(OUT)/%/.folder
	tensor-gen $* -n $(ROWS) --seed 3 -o $@
$(OUT)/8gaussians/truth.model.h5: $(OUT)/8gaussians/.folder
	tensor-gen 8gaussians --model -o $@

# The test rows of Fashion-MNIST have no coordinates on the components of others; some of the 60,000
# training rows are held out.
$(OUT)/fashion/rows.h5: $(FASHION)/train-images-idx3-ubyte.gz $(OUT)/fashion/.folder
	tensor-import --pca 16 -o $@ $<
$(OUT)/fashion/shuffled.h5: $(OUT)/fashion/rows.h5
	tensor-import --shuffle -o $@ $<
$(OUT)/fashion/train.h5: $(OUT)/fashion/shuffled.h5
	tensor-import --rows 20000:60000 -o $@ $<
$(OUT)/fashion/test.h5: $(OUT)/fashion/shuffled.h5
	tensor-import --rows 0:$(ROWS) -o $@ $<
$(OUT)/fashion/fresh.h5: $(OUT)/fashion/shuffled.h5
	tensor-import --rows 10000:$$((10000 + $(ROWS))) -o $@ $<

$(OUT)/%/spline.model.h5: $(OUT)/%/train.h5
	flow-train --flow spline --standardize --steps $(FLOW_STEPS) -o $@ $<
$(foreach set,$(SETS),$(foreach model,$(MODELS),$(OUT)/$(set)/$(model).model.h5)): \
$(OUT)/%.model.h5: $$(call of_set,$$*)/train.h5
	score-train $(model.$(*F)) $(call levels,$(*D),$(*F)) $(network.$(*D)) $(training) -o $@ $<

# A number a row of test.h5.
$(OUT)/%.density.csv: $(OUT)/%.model.h5 $$(call of_set,$$*)/test.h5
	logdensity -m $^ | tensor-export --format csv --columns log_density | tail -n +2 > $@

# Rows are the same for model and truth, so their difference is surer than either.
$(OUT)/%.density.tsv: $(OUT)/%.density.csv $$(call truth,$$*,.density.csv)
	paste $^ | awk -v set=$(*D) -v model=$(*F) ' \
	  function error(sum, squares) { return sqrt((squares - sum * sum / NR) / (NR - 1) / NR) } \
	  { p += $$1; pp += $$1 * $$1; d += $$NF - $$1; dd += ($$NF - $$1) ^ 2; known = NF == 2 } \
	  END { printf "%s\t%s\t%d\t%.4f\t%.4f\t", set, model, NR, p / NR, error(p, pp); \
	    if (known) printf "%.4f\t%.4f\t", d / NR, error(d, dd); else printf "-\t-\t" }' > $@
	sort -g $< | awk '{ p[NR] = $$1 } END { printf "%.4f\n", p[int((NR + 1) / 2)] }' >> $@

$(OUT)/%.h5: $$(call of_model,$$*).model.h5
	mkdir -p $(@D)
	langevin-sample -m $< -n $(ROWS) $(call option,$(call part,3,$*),$(call part,4,$*)) \
	  --diagnostics $(@:.h5=.diagnostics.tsv) -o $@

# The fields of a line after the setting, of rows and what is known of them: how many evaluations,
# test rows, the truth or nothing, the mean log density of the test rows.
measured = printf '%s\t%s\t%s\t%s\t%s\n' $(2) \
  $$(fid-eval $(1) $(3) --metrics frechet,mmd --subset-size 5000 | \
    awk '$$1 == "frechet" || $$1 == "mmd" { printf "%.5g ", $$2 }') \
  $(if $(4),$$(logdensity -m $(4) --summary $(1) | awk 'NR == 2 { printf "%.4f", $$2 }'),-) $(5)

$(OUT)/%/fresh.tsv: $(OUT)/%/fresh.h5 $(OUT)/%/test.h5 $$(call truth,$$*,.model.h5)
	{ printf '%s\tfresh\t-\t-\t' $*; $(call measured,$<,0,$(word 2,$^),$(word 3,$^),-); } > $@
$(OUT)/%.tsv: $(OUT)/%.h5 $$(call of_set,$$*)/test.h5 $$(call of_model,$$*).density.tsv \
    $$(call truth,$$*,.model.h5)
	{ printf '%s\t%s\t%s\t%s\t' $(subst /, ,$*); $(call measured,$<, \
	  $$(awk '$$1 == "score_evaluations" { print $$2 }' $(<:.h5=.diagnostics.tsv)), \
	  $(word 2,$^),$(word 4,$^),$$(cut -f 4 $(word 3,$^))); } > $@
