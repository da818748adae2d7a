#include "cli/sampling_command.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/unused_option.hpp"
#include "sample/run.hpp"
#include "score/process_type.hpp"

namespace pushforward {
namespace {

void add_field(CommandLine& line, const NumberField<double>& field, const std::string& method,
               FieldValues* values) {
  auto& value = (*values)[field.name].emplace<double>(field.standard);
  line.number(field.name, &value, field.range, method + ": " + field.help);
}

void add_field(CommandLine& line, const NumberField<std::int64_t>& field, const std::string& method,
               FieldValues* values) {
  auto& value = (*values)[field.name].emplace<std::int64_t>(field.standard);
  line.integer(field.name, &value, field.range, method + ": " + field.help);
}

void add_field(CommandLine& line, const WordField& field, const std::string& method,
               FieldValues* values) {
  auto& value = (*values)[field.name].emplace<std::string>(field.standard);
  line.choice(field.name, &value, field.choices, method + ": " + field.help);
}

// What --steps 0 stands for: "0 is 18 (heun), ..., 1000 (the others)".
std::string default_steps_help() {
  std::vector<std::pair<std::string, std::vector<std::string>>> users;  // of each number of steps
  for (const Method& method : sampling_methods()) {
    const std::string steps = method.default_steps;
    if (steps.empty()) continue;
    const auto known = std::find_if(users.begin(), users.end(),
                                    [&](const auto& entry) { return entry.first == steps; });
    if (known != users.end())
      known->second.emplace_back(method.name);
    else
      users.push_back({steps, {method.name}});
  }
  const auto common = std::max_element(
      users.begin(), users.end(),
      [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  std::string help = "0 is ";
  for (auto entry = users.begin(); entry != users.end(); ++entry)
    if (entry != common) help += entry->first + " (" + joined(entry->second) + "), ";
  return help + common->first + " (the others)";
}

// The options that belong to one method each, of the methods that look at `shared`.
void add_method_fields(CommandLine& line, const std::string& shared, FieldValues* values) {
  for (const Method& method : sampling_methods()) {
    if (!method.looks_at(shared)) continue;
    for (const MethodField& any : method.fields)
      std::visit([&](const auto* field) { add_field(line, *field, method.name, values); }, any);
  }
}

// The process that --process names, over which --levels and the constants have their say.
ProcessSettings named_process(const CommandLine& line, const SamplingCommand& o) {
  const std::string& name = o.process.process;
  const std::int64_t levels = o.method.reverse.levels;
  const bool ladder = o.method.method.empty() || o.method.method == "annealed";
  ProcessSettings s = ladder || levels > 0
                          ? ProcessSettings::with_defaults(name, static_cast<int>(levels))
                          : ProcessSettings::continuous(name);
  apply_process_constants(line, o.process, &s);
  return s;
}

void refuse_unused(const CommandLine& line, const Method& method, const MethodOptions& options) {
  const std::optional<ProcessSettings>& process = options.reverse.process;
  for (const std::string& option : particular_options()) {
    if (!line.given(option) || method.looks_at(option)) continue;
    if (option == "steps" && line.given("between")) continue;  // those of the path
    std::string users = users_do(methods_with(option));
    if (option == "levels") {  // a process may look at it, whatever the method
      if (process && Process(*process).steps() > 0) continue;
      users = joined(methods_with(option)) + " and --process " + joined(stepwise_process_names()) +
              " do";
    }
    fail_unused(option, method.name, users);
  }
}

// Rows are taken to be at the lowest level and come back there, so that they come back as they are.
void prepare_encoding(const CommandLine& line, MethodOptions* m) {
  if (m->method.empty()) m->method = "ode";
  if (m->method != "ode")
    fail_usage("--encode follows the equation of --method ode; leave out --method " + m->method);
  if (line.given("denoise") && !line.given("between"))
    fail_usage("--denoise ends what is drawn; --encode alone draws nothing");
  if (!line.given("denoise")) m->reverse.denoise = false;
}

}  // namespace

void add_sampling(CommandLine& line, SamplingCommand* o) {
  MethodOptions& m = o->method;
  MarkovOptions& markov = m.markov;
  ReverseOptions& reverse = m.reverse;
  RestorationOptions& restoration = m.restoration;
  m.count = 1000;
  markov.burn_in = 0;
  line.group("Sampling");
  line.input_file("model,m", &o->model, "MODEL",
                  "model to sample: analytic, flow or score (required)");
  line.integer("count,n", &m.count, {1, 1e15}, "rows to draw");
  line.choice("method", &m.method, sampling_method_names(),
              "what the model was trained for unless given; mala for a density");
  line.integer("steps", &m.steps, {0, max_chain_steps}, default_steps_help());
  line.number("step-size", &m.step_size, {0, unbounded},
              "0 is 0.01 (ula), by the curvature (other chains), 0.2 sigma-min^2 (annealed)");
  line.text("label", &o->label, "CLASS",
            "class to draw, by name or number, of a model trained with --label");
  line.number("guidance", &m.guidance, {0, 1000},
              "W: score (1 + W) s(x | label) - W s(x); needs --label-dropout in training");
  line.input_file("init", &o->init, "FILE|normal:SIGMA",
                  "chains: starting rows; blur, cold: pictures to degrade and restore; the others: "
                  "noise of deviation 1, scaled to the highest level",
                  StartingRows::names_file);
  line.input_file("encode", &o->encode, "INPUT",
                  "map the rows of INPUT to noise for --init, by the equation of --method ode");
  add_path(line, &o->path);
  line.input_file(
      "mask", &o->mask, "FILE",
      "inpainting: 1 for numbers that are known, 0 for those to draw: the main dataset, or "
      "/mask beside known rows");
  line.input_file("known", &o->known, "FILE",
                  "the known rows, where --mask FILE does not hold them");
  line.text("shard", &o->shard, "I/N", "draw the I-th of N parts of the rows, I from 1");
  line.group("Chains (ula, mala, hmc, underdamped)");
  line.integer("chains", &markov.chains, {0, 1e15}, "chains that share the rows; 0 is one a row");
  line.integer("burn-in", &markov.burn_in, {0, max_chain_steps},
               "steps before the first row counts; 1000 with --chains unless given");
  line.integer("thin", &markov.thin, {0, max_chain_steps}, "steps between rows of a chain; 0 is 1");
  line.number("sigma", &markov.sigma, Range::at_least(0),
              "noise level to sample at; 0 is none, or the model's lowest");
  line.choice("adapt", &o->adapt, {"yes", "no"},
              joined(methods_with("adapt")) + ": find step sizes in burn-in");
  add_method_fields(line, "chains", &m.fields);
  line.input_file("preconditioner", &markov.preconditioner, "FILE",
                  "[D, D] that scores are multiplied by");
  line.flag("strict", &o->strict, "status 3 where R-hat is above 1.01; needs --chains");
  line.group("Process (all other methods)");
  line.choice("process", &o->process.process, leveled_process_names(),
              "noises an analytic model, exactly");
  add_process_constants(line, &o->process);
  line.integer("levels", &reverse.levels, {0, max_levels},
               "annealed: levels; --process ddpm: steps; 0 is the process's");
  line.choice("denoise", &o->denoise, {"yes", "no"}, "end with the mean of the clean row");
  line.number("rho", &o->rho, Range::above(0).at_most(1000),
              "methods over the levels of edm, process edm: they are even in sigma^(1/rho)");
  add_method_fields(line, "process", &m.fields);
  line.number("atol", &reverse.atol, {0, 1e6},
              "ode, adaptive: absolute tolerance; 0 is 1e-5, 0.0078");
  line.number("rtol", &reverse.rtol, {0, 1}, "ode, adaptive: relative tolerance; 0 is 1e-5, 0.01");
  line.group("Restoration (blur, cold)");
  line.choice("start", &restoration.start, {"rows", "gaussian"},
              "blurred training rows (blur), or a Gaussian of what is left of them (cold)");
  line.integer("start-level", &restoration.start_level, {0, max_degradation_levels},
               "level that --init is degraded to; 0 is the last");
  line.flag("init-degraded", &restoration.init_degraded, "the rows of --init are degraded already");
  line.number("delta", &o->delta, {0, 10},
              "blur: noise of a step, 0.01 of the data's range unless given; cold: of the start");
  add_method_fields(line, "start", &m.fields);
  line.exclude("encode", {"init", "count", "diagnostics"});
}

void complete_sampling(const CommandLine& line, SamplingCommand* o) {
  MethodOptions& m = o->method;
  if (o->model.empty()) fail_usage("-m MODEL is needed");
  if (line.given("known") && o->mask.empty()) fail_usage("--known needs --mask");
  if (!line.given("burn-in")) m.markov.burn_in = -1;
  if (!o->adapt.empty()) m.markov.adapt = o->adapt == "yes";
  m.reverse.denoise = o->denoise == "yes";
  if (!o->encode.empty()) prepare_encoding(line, &m);
  if (line.given("rho")) m.reverse.rho = o->rho;
  if (line.given("sigma-min")) m.reverse.sigma_min = o->process.sigma_min;
  if (line.given("sigma-max")) m.reverse.sigma_max = o->process.sigma_max;
  if (line.given("delta")) m.restoration.delta = o->delta;
  if (!o->process.process.empty()) {
    m.reverse.process = named_process(line, *o);
    return;
  }
  for (const char* option : {"beta-min", "beta-max", "beta-schedule"})
    if (line.given(option))
      fail_usage(std::string("option --") + option +
                 ": needs --process, the one that noises an analytic model");
}

void check_sampling(const CommandLine& line, const Method& method, const SamplingCommand& o) {
  refuse_unused(line, method, o.method);
  if (o.strict && o.method.markov.chains == 0) fail_usage("--strict needs --chains");
  if (method.needs != Method::Needs::restoration) return;
  const bool given = line.given("init");
  if (given && !StartingRows::names_file(o.init))
    fail_usage(std::string("--method ") + method.name + " starts from pictures: --init FILE");
  for (const char* option : {"init-degraded", "start-level"})
    if (line.given(option) && !given) fail_usage(std::string("--") + option + " needs --init FILE");
  if (given && line.given("start")) fail_usage("--init and --start both say where chains start");
}

void check_bf16(const SampledModel& model, const SamplingPlan& plan) {
  if (model.density() != nullptr)
    fail_invalid(model.name + ": a model of the family '" + model.family +
                 "', where --precision bf16 needs a score model");
  if (plan.adaptive)
    fail_usage("--precision bf16: --method " + plan.method +
               " chooses its steps by errors of the size of bfloat16's rounding; leave out bf16");
}

std::optional<EncodedRows> asked_encoding(const CommandLine& line, const SampledModel& model,
                                          SamplingCommand* o) {
  if (o->encode.empty()) {
    (void)asked_path(line, o->path, 0, PathKind::spherical, nullptr);
    return std::nullopt;
  }
  if (model.family == "flow")
    fail_invalid(model.name + ": a flow, whose rows flow-sample --encode maps to noise");
  EncodedRows encoded{RowReader(o->encode), {}};
  encoded.rows.require_columns(static_cast<std::size_t>(model.dimension()), "the model");
  std::int64_t& steps = o->method.steps;
  if (steps > max_path_steps)
    fail_usage("option --steps: " + std::to_string(steps) + " is outside 1.." +
               std::to_string(max_path_steps) + ", the range for --between");
  encoded.path = asked_path(line, o->path, steps > 0 ? steps : default_path_steps,
                            PathKind::spherical, &encoded.rows);
  o->method.count =
      static_cast<std::int64_t>(encoded.path ? encoded.path->rows() : encoded.rows.rows());
  return encoded;
}

}  // namespace pushforward
