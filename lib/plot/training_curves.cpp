#include "plot/training_curves.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "plot/text_columns.hpp"

namespace pushforward {
namespace {

constexpr const char* table_start = "step\t";

// A curve to draw needs a finite point.
void require_points(const TrainingCurves& curves) {
  for (const double step : curves.step)
    if (!std::isfinite(step) || std::abs(step) > 1e15)
      fail_invalid(curves.name + ": the training log has a step that is no step number");
  for (const std::vector<double>* values : {&curves.loss, &curves.validation})
    for (const double value : *values)
      if (std::isfinite(value) && std::abs(value) < 1e100) return;
  fail_invalid(curves.name + ": the training log holds no loss that is finite");
}

}  // namespace

bool is_training_table(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return false;  // a pipe can be read only once
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                               std::fclose);
  char head[5] = {};
  return stream != nullptr && std::fread(head, 1, 5, stream.get()) == 5 &&
         std::equal(head, head + 5, table_start);
}

TrainingCurves read_training_table(const std::string& file) {
  const TextColumns table = read_text_columns(file, {"step", "loss", "validation"});
  if (table.lines.empty()) fail_invalid(table.name + ": the training log has no rows yet");
  TrainingCurves curves{table.name, table.numbers(0), table.numbers(1), table.numbers(2)};
  require_points(curves);
  return curves;
}

TrainingCurves read_training_curves(const ContainerReader& reader) {
  const std::string group = "/training/log";
  reader.require_group("a trained model");
  if (!reader.has(group + "/step"))
    fail_invalid(reader.name() + ": no training log in this file (" + group + "); " +
                 setting("kind") + " curve draws that of a trained model");
  const std::size_t count = product(reader.info(group + "/step").shape);
  const auto column = [&](const char* name) {
    const std::string path = group + "/" + name;
    if (!reader.has(path) || product(reader.info(path).shape) != count)
      fail_invalid(reader.name() + ": " + path + " should hold " + std::to_string(count) +
                   " numbers");
    return reader.read(path).to<double>();
  };
  TrainingCurves curves{reader.name(), column("step"), column("loss"), column("validation")};
  require_points(curves);
  return curves;
}

}  // namespace pushforward
