#include "nn/checkpoint_file.hpp"

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace pushforward {
namespace {

// The setting that stands for the training rows: "143x4/HASH".
const char* const rows_setting = "rows";

template <class Get>
std::vector<double> log_column(const std::vector<LogRow>& log, Get get) {
  std::vector<double> column;
  for (const LogRow& row : log) column.push_back(get(row));
  return column;
}

void write_column(ContainerWriter* writer, const std::string& path,
                  const std::vector<double>& column) {
  writer->write(path, Array::of(column, {column.size()}));
}

// "143 rows of 4 columns" of "143x4/HASH".
std::string rows_in_words(const std::string& checksum) {
  const std::size_t cross = checksum.find('x'), slash = checksum.find('/');
  if (cross == std::string::npos || slash == std::string::npos || slash < cross) return checksum;
  return checksum.substr(0, cross) + " rows of " + checksum.substr(cross + 1, slash - cross - 1) +
         " columns";
}

std::vector<double> read_vector(const ContainerReader& reader, const std::string& path,
                                std::size_t size) {
  if (!reader.has(path))
    fail_invalid(reader.name() + ": no " + path +
                 ", so there is nothing to resume from; use a file " + "written by --checkpoint");
  if (product(reader.info(path).shape) != size)
    fail_invalid(reader.name() + ": " + path + " holds " +
                 std::to_string(product(reader.info(path).shape)) + " numbers, this model has " +
                 std::to_string(size));
  std::vector<double> values = reader.read(path).to<double>();
  for (const double v : values)
    if (!std::isfinite(v))
      fail_invalid(reader.name() + ": " + path + " holds a number that is not finite");
  return values;
}

std::vector<LogRow> read_log(const ContainerReader& reader, const std::string& group) {
  if (!reader.has(group + "/step")) return {};
  const std::size_t count = product(reader.info(group + "/step").shape);
  const auto column = [&](const char* name) {
    const std::string path = group + "/" + name;
    if (!reader.has(path) || product(reader.info(path).shape) != count)
      fail_invalid(reader.name() + ": " + path + " should hold " + std::to_string(count) + " rows");
    return reader.read(path).to<double>();
  };
  const std::vector<double> step = column("step"), loss = column("loss"),
                            validation = column("validation"), rate = column("learning_rate"),
                            norm = column("gradient_norm");
  std::vector<double> adversary(count, std::numeric_limits<double>::quiet_NaN());
  if (reader.has(group + "/discriminator_loss")) adversary = column("discriminator_loss");
  std::vector<LogRow> log;
  for (std::size_t i = 0; i < count; ++i)
    log.push_back({static_cast<std::int64_t>(step[i]), loss[i], validation[i], rate[i], norm[i],
                   adversary[i]});
  return log;
}

double checkpoint_number(const ContainerReader& reader, const char* name) {
  const std::optional<double> value = reader.number("/checkpoint", name);
  if (!value) fail_invalid(reader.name() + ": /checkpoint lacks the attribute " + name);
  return *value;
}

bool may_change_after_failure(const std::string& setting) {
  return setting == "lr" || setting == "lr-discriminator" || setting == "clip-norm";
}

}  // namespace

void write_training_log(ContainerWriter* writer, const std::vector<LogRow>& log) {
  if (log.empty()) return;
  const std::string group = "/training/log/";
  std::vector<std::int64_t> step;
  for (const LogRow& row : log) step.push_back(row.step);
  writer->write(group + "step", Array::of(step, {step.size()}));
  write_column(writer, group + "loss", log_column(log, [](const LogRow& r) { return r.loss; }));
  write_column(writer, group + "validation",
               log_column(log, [](const LogRow& r) { return r.validation; }));
  write_column(writer, group + "learning_rate",
               log_column(log, [](const LogRow& r) { return r.rate; }));
  write_column(writer, group + "gradient_norm",
               log_column(log, [](const LogRow& r) { return r.gradient_norm; }));
  if (std::isfinite(log[0].adversary_loss))
    write_column(writer, group + "discriminator_loss",
                 log_column(log, [](const LogRow& r) { return r.adversary_loss; }));
}

void write_checkpoint(ContainerWriter* writer, const TrainingState& state,
                      const RunSettings& settings) {
  const auto vector = [&](const char* name, const std::vector<double>& values) {
    if (!values.empty()) write_column(writer, std::string("/checkpoint/") + name, values);
  };
  vector("parameters", state.parameters);
  vector("first_moment", state.first_moment);
  vector("second_moment", state.second_moment);
  vector("ema", state.ema);
  const TrainingTally& tally = state.before_end ? *state.before_end : state;
  vector("best", tally.best);
  writer->set_integer("/checkpoint", "step", state.step);
  writer->set_integer("/checkpoint", "stale", tally.stale);
  writer->set_integer("/checkpoint", "summed_steps", tally.summed_steps);
  writer->set_number("/checkpoint", "best_validation", tally.best_validation);
  writer->set_number("/checkpoint", "loss_sum", tally.loss_sum);
  writer->set_number("/checkpoint", "norm_sum", tally.norm_sum);
  writer->set_number("/checkpoint", "adversary_loss_sum", tally.adversary_loss_sum);
  if (state.before_end) writer->set_integer("/checkpoint", "before_end", 1);
  if (state.failed) writer->set_integer("/checkpoint", "failed", 1);
  for (const auto& [name, value] : settings)
    writer->set_text("/checkpoint", "setting_" + name, value);
}

TrainingState read_checkpoint(const ContainerReader& reader, const ParameterTable& table,
                              const RunSettings& settings) {
  reader.require_group("a checkpoint");
  if (!reader.has("/checkpoint"))
    fail_invalid(reader.name() +
                 ": no /checkpoint, so there is nothing to resume from; use a file " +
                 "written by --checkpoint");
  TrainingState state;
  state.failed = reader.number("/checkpoint", "failed").value_or(0) != 0;
  for (const auto& [name, value] : settings) {
    // A run whose loss was not finite would only fail again with the same learning rate.
    if (state.failed && may_change_after_failure(name)) continue;
    const std::string before = reader.text("/checkpoint", "setting_" + name).value_or("");
    if (before != value && name == rows_setting)
      fail_invalid(reader.name() + ": was made from other training rows, " + rows_in_words(before) +
                   " then and " + rows_in_words(value) + " now; resume with the same INPUT, " +
                   setting("validation") + " and " + setting("seed"));
    if (before != value)
      fail_invalid(reader.name() + ": was made with " + name + " " +
                   (before.empty() ? "unset" : before) + ", this run has " +
                   (value.empty() ? "unset" : value) + "; resume with the same settings");
  }
  const std::size_t size = table.size();
  state.parameters = read_vector(reader, "/checkpoint/parameters", size);
  state.first_moment = read_vector(reader, "/checkpoint/first_moment", size);
  state.second_moment = read_vector(reader, "/checkpoint/second_moment", size);
  if (reader.has("/checkpoint/ema")) state.ema = read_vector(reader, "/checkpoint/ema", size);
  if (reader.has("/checkpoint/best")) state.best = read_vector(reader, "/checkpoint/best", size);
  state.step = static_cast<std::int64_t>(checkpoint_number(reader, "step"));
  state.stale = static_cast<std::int64_t>(checkpoint_number(reader, "stale"));
  state.summed_steps = static_cast<std::int64_t>(checkpoint_number(reader, "summed_steps"));
  state.best_validation = checkpoint_number(reader, "best_validation");
  state.loss_sum = checkpoint_number(reader, "loss_sum");
  state.norm_sum = checkpoint_number(reader, "norm_sum");
  // Checkpoints written before there were adversaries do not have it.
  state.adversary_loss_sum = reader.number("/checkpoint", "adversary_loss_sum").value_or(0);
  state.log = read_log(reader, "/training/log");
  if (reader.number("/checkpoint", "before_end").value_or(0) != 0)
    state.before_end = static_cast<const TrainingTally&>(state);
  return state;
}

}  // namespace pushforward
