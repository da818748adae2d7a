// What all programs share: common options, exit statuses, warnings, reports.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/messages.hpp"
#include "base/progress.hpp"
#include "cli/command_line.hpp"
#include "graph/plan.hpp"
#include "io/container.hpp"

namespace pushforward {

// The options every program has.
struct CommonOptions {
  bool quiet = false;
  bool verbose = false;
  bool no_history = false;
  std::string progress = "auto";
  [[nodiscard]] ProgressStyle progress_style() const;
};

void add_common(CommandLine& line, CommonOptions* options);

// Options of programs that compute: --seed, --threads, --precision.
struct ComputeOptions {
  std::int64_t seed = 0;
  std::int64_t threads = 0;  // 0: the cores this process may use
  std::string precision = "float32";
  [[nodiscard]] int thread_count() const;
};
void add_seed(CommandLine& line, ComputeOptions* options);
void add_threads(CommandLine& line, ComputeOptions* options);
// --threads of a program that never needs more than one, so that all programs take it.
void add_one_thread(CommandLine& line, ComputeOptions* options);
void add_precision(CommandLine& line, ComputeOptions* options);          // float32, float64
void add_network_precision(CommandLine& line, ComputeOptions* options);  // and bf16

// How --precision wants matrix products to be computed. If the processor cannot do bf16: a warning,
// and exact products.
[[nodiscard]] Products network_products(const ComputeOptions& options);

// "--json": print one JSON object instead of tab-separated lines.
void add_json(CommandLine& line, bool* json);

// "-o, --output", default "-": HDF5, or one of the formats that `formats` returns after parsing.
void add_output(CommandLine& line, std::string* output, CommandLine::FormatsOf formats = {});

// Runs `body` (parse options, call the library, return 0) and turns whatever it throws into one
// line on standard error and an exit status (that of the Error; that of the signal for Stopped; 1
// for lack of memory and any other exception). SIGPIPE gets its default action, so that a reader
// that closes the pipe ends the program quietly. Checks at the end that standard output could be
// written.
[[nodiscard]] int run_program(const std::string& program, const std::function<int()>& body);

// Warns of the datasets that a program leaves behind (ContainerReader::left_behind), if any.
void warn_left_behind(const ContainerReader& reader, const std::vector<DatasetInfo>& passed,
                      ContainerReader::Behind which = ContainerReader::Behind::of_all);
// The same for rows that are used and not passed on. Does not warn of the dataset `used` beside
// them, nor of those that programs computed.
void warn_not_used(const ContainerReader& reader, const std::string& used = "");
// Warns if the output's precision is too coarse for a column of rows with these means and standard
// deviations (empty: unknown).
void warn_of_coarse_output(const std::vector<double>& mean, const std::vector<double>& deviation,
                           const ComputeOptions& compute);

// The provenance of an output of this run; `earlier` is the input's history.
[[nodiscard]] Provenance provenance(const CommandLine& line, const CommonOptions& common,
                                    std::vector<std::string> earlier = {});

// A table for people and scripts: a header line and tab-separated rows, or one JSON object
// (--json). With the columns metric and value the object maps metrics to values. Otherwise it maps
// each column to the array of its values, or to its value if the report always has one row. Numbers
// and shapes, such as [100, 2], are unquoted; empty cells, NaN and infinities, which JSON lacks,
// are null.
enum class ReportRows { any, one };

class Report {
 public:
  explicit Report(std::vector<std::string> columns, ReportRows rows = ReportRows::any)
      : columns_(std::move(columns)), form_(rows) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] std::string tsv() const;
  [[nodiscard]] std::string json() const;

 private:
  std::vector<std::string> columns_;
  ReportRows form_;
  std::vector<std::vector<std::string>> rows_;
};

// Prints a report to standard output.
void print_report(const Report& report, bool json);

// Shortest text that reads back as the same double; "nan", "inf".
[[nodiscard]] std::string number_text(double value);

}  // namespace pushforward
