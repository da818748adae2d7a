#include "cli/generation_command.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "density/formula/source.hpp"

namespace pushforward {
namespace {

void refuse_unused(const CommandLine& line, const GenerationCommand& o) {
  const std::string& name = o.distribution.name;
  const std::vector<std::string>& takes = options_of(name);
  for (const std::string& option : particular_distribution_options())
    if (line.given(option) && std::find(takes.begin(), takes.end(), option) == takes.end())
      fail_usage("option --" + option + " is not for " + name + ", but for " +
                 distribution_names(option));
  if (o.model)
    for (const char* option : {"count", "label", "shard", "seed", "precision"})
      if (line.given(option))
        fail_usage("option --" + std::string(option) + " is about rows, --model writes none");
  if (line.given("precision") && name == "shapes")
    fail_usage("option --precision: shapes are pixels of 8 bits");
}

// The text of a formula, a second operand.
void take_text(const CommandLine& line, GenerationCommand* o) {
  Distribution& distribution = o->distribution;
  const bool formula = distribution.name == "formula";
  if (!formula && o->words.size() > 1)
    fail_usage("'" + o->words[1] + "' is one word too many; only formula takes a text");
  if (!formula) return;
  if (o->words.size() < 2)
    fail_usage("formula needs its text, or @FILE: tensor-gen formula '-x^2 / 2' --dim 1 --model");
  distribution.text = o->words[1];
  if (distribution.names.empty() && !line.given("dim"))
    fail_usage("formula needs --dim D or --names, which say how many columns its rows have");
}

}  // namespace

void add_generation(CommandLine& line, GenerationCommand* o) {
  Distribution& distribution = o->distribution;
  line.operands(&o->words, 1, 2, {"NAME", "TEXT"});
  line.operands_may_be_terms();
  line.group("Rows");
  line.integer("count,n", &o->count, {1, 1e15}, "rows to make");
  line.flag("label", &o->label, "add /label, the part of the distribution a row is from");
  line.text("shard", &o->shard_text, "I/N", "make the I-th of N parts of the rows, I from 1");
  line.flag("model", &o->model, "write the analytic model instead of rows");
  line.group("Distribution");
  line.numbers("noise", &o->noise, Range::at_least(0), "S",
               "standard deviation of the noise, in units of the rows, in place of the usual one");
  line.integer("dim", &o->dimension, {1, 1e6}, "dimensions of " + distribution_names("dim"));
  line.number("correlation", &distribution.correlation, Range::above(-1).below(1),
              "of every pair of a gaussian's numbers");
  line.input_file("weights", &distribution.weights, "FILE",
                  "of the mixture: [K] numbers; else equal");
  line.input_file("means", &distribution.means, "FILE", "of the mixture: [K, D] numbers");
  line.input_file("covariances", &distribution.covariances, "FILE",
                  "of the mixture: [K, D, D] numbers");
  line.integer("size", &o->size, {4, 4096},
               "width and height of shapes, in pixels, and of phi4, whose default is 8");
  line.number("mass", &distribution.mass, {-1e6, 1e6}, "of phi4: m^2, which may be negative");
  line.number("coupling", &distribution.coupling, {0, 1e6}, "of phi4: of the fourth power");
  line.group("Formula");
  line.text("names", &distribution.names, "LIST",
            "names of the columns: a,b, or a,b[3] for a vector of three columns");
  line.named_input_files("data", &distribution.data_names, &distribution.data_files,
                         "numbers that the formula calls NAME; FILE:/path names a dataset");
  line.input_file("lower", &distribution.lower, "LIST|FILE",
                  "lower bounds, one a column; empty is none: ,0,", names_bound_file);
  line.input_file("upper", &distribution.upper, "LIST|FILE", "upper bounds, likewise",
                  names_bound_file);
  line.group("Computation and output");
  add_output(line, &o->output);
  add_seed(line, &o->compute);
  add_one_thread(line, &o->compute);
  add_precision(line, &o->compute);
  add_common(line, &o->common);
}

void complete_generation(const CommandLine& line, GenerationCommand* o) {
  Distribution& distribution = o->distribution;
  distribution.name = o->words[0];
  refuse_unused(line, *o);
  if (o->noise.size() > 1) fail_usage("option --noise: one number is enough");
  if (!o->noise.empty()) distribution.noise = o->noise[0];
  distribution.dimension = static_cast<std::size_t>(o->dimension);
  distribution.dimension_given = line.given("dim");
  if (line.given("size")) distribution.size = static_cast<std::size_t>(o->size);
  take_text(line, o);
  check(distribution, o->model);
  o->shard = Shard::parse(o->shard_text);
}

}  // namespace pushforward
