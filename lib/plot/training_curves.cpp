#include "plot/training_curves.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>

#include "base/error.hpp"
#include "io/input_file.hpp"
#include "io/text_records.hpp"

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
  if (file == "-") return false;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                               std::fclose);
  char head[5] = {};
  return stream != nullptr && std::fread(head, 1, 5, stream.get()) == 5 &&
         std::equal(head, head + 5, table_start);
}

TrainingCurves read_training_table(const std::string& file) {
  const InputFile input(file);
  TextRecords records(&input);
  TrainingCurves curves;
  curves.name = input.name();
  std::string record;
  std::vector<std::string> unquoted;
  std::vector<std::string_view> fields;
  std::vector<double>* targets[] = {&curves.step, &curves.loss, &curves.validation};
  const char* const names[] = {"step", "loss", "validation"};
  std::size_t columns[] = {0, 0, 0};
  std::size_t width = 0;
  while (records.next(&record)) {
    split_record(record, '\t', &unquoted, &fields);
    const std::string where = curves.name + ": line " + std::to_string(records.line()) + ": ";
    if (width == 0) {
      width = fields.size();
      for (std::size_t k = 0; k < 3; ++k) {
        const auto found = std::find(fields.begin(), fields.end(), names[k]);
        if (found == fields.end()) fail_invalid(where + "no column " + names[k]);
        columns[k] = static_cast<std::size_t>(found - fields.begin());
      }
      continue;
    }
    if (fields.size() != width)
      fail_invalid(where + std::to_string(fields.size()) + " fields, the first line has " +
                   std::to_string(width));
    for (std::size_t k = 0; k < 3; ++k) {
      const std::string text(fields[columns[k]]);
      char* end = nullptr;
      const double value =
          text.empty() ? std::numeric_limits<double>::quiet_NaN() : std::strtod(text.c_str(), &end);
      if (!text.empty() && (end == text.c_str() || *end != 0))
        fail_invalid(where + "\"" + text.substr(0, 40) + "\" is no number");
      targets[k]->push_back(value);
    }
  }
  if (curves.step.empty()) fail_invalid(curves.name + ": the training log has no rows yet");
  require_points(curves);
  return curves;
}

TrainingCurves read_training_curves(const ContainerReader& reader) {
  const std::string group = "/training/log";
  if (!reader.has(group + "/step"))
    fail_invalid(reader.name() + ": no training log in this file (" + group +
                 "); --kind curve draws that of a trained model");
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
