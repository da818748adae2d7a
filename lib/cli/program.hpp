// What every program does the same way: messages, exit statuses, output to a terminal.
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
  [[nodiscard]] ProgressMode progress_mode() const;
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

// What --precision asks of matrix products; a warning, and exact ones, for bf16 on a processor
// without it.
[[nodiscard]] Products network_products(const ComputeOptions& options);

// "--json": print one JSON object in place of tab-separated lines.
void add_json(CommandLine& line, bool* json);

// "-o, --output", default "-": HDF5, or one of the formats that `formats` gives after parsing.
void add_output(CommandLine& line, std::string* output, CommandLine::FormatsOf formats = {});

// Runs `body` (parse options, call the library, return 0) and turns whatever it throws into one
// line on standard error and an exit status (that of the Error; 1 for lack of memory and any other
// exception; that of the signal for Stopped). Ignores nothing: SIGPIPE keeps its default action, so
// a reader that closes the pipe ends the program quietly. Checks at the end that standard output
// could be written.
[[nodiscard]] int run_program(const std::string& program, const std::function<int()>& body);

// A warning of the datasets that a program leaves behind, if there are any.
void warn_left_behind(const ContainerReader& reader, const std::vector<DatasetInfo>& passed,
                      ContainerReader::Behind which = ContainerReader::Behind::of_all);
// The same for rows that are only made use of: of what stands beside them, the dataset `used` is
// not missed in the output, nor is what programs computed.
void warn_not_used(const ContainerReader& reader, const std::string& used = "");
// A warning where rows of these means and deviations (empty: not known) are about to be written in
// a precision that is too coarse for a column of them.
void warn_of_coarse_output(const std::vector<double>& mean, const std::vector<double>& deviation,
                           const ComputeOptions& compute);

// Origin of an output made by this run, from the inputs' history.
[[nodiscard]] Provenance provenance(const CommandLine& line, const CommonOptions& common,
                                    std::vector<std::string> earlier = {});

// Numbers for people and scripts: a header line and tab-separated rows, or one JSON object
// (--json). With the columns metric and value the object maps metrics to values; otherwise it maps
// each column to the array of its values, or, where a report has one row by nature, to its value.
// Numbers and shapes, such as [100, 2], stand unquoted; empty cells, not-a-number and infinities,
// which JSON lacks, are null.
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
