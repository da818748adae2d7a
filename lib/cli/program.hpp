// What every program does the same way: messages, exit statuses, output to a terminal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

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
void add_precision(CommandLine& line, ComputeOptions* options);          // float32, float64
void add_network_precision(CommandLine& line, ComputeOptions* options);  // and bf16

// What --precision asks of matrix products; a warning, and exact ones, for bf16 on a processor
// without it.
[[nodiscard]] Products network_products(const ComputeOptions& options);

// "--json": print one JSON object in place of tab-separated lines.
void add_json(CommandLine& line, bool* json);

// "-o, --output", default "-".
void add_output(CommandLine& line, std::string* output);

// Runs `body` (parse options, call the library, return 0) and turns whatever it throws into one
// line on standard error and an exit status (cli.md): Error, Stopped, std::bad_alloc, any other
// exception. Ignores nothing: SIGPIPE keeps its default action, so a reader that closes the pipe
// ends the program quietly. Checks at the end that standard output could be written.
[[nodiscard]] int run_program(const std::string& program, const std::function<int()>& body);

// Who speaks and how much; CommandLine::parse calls it.
void set_messages(const std::string& program, bool quiet, bool verbose);

// One line on standard error, "program: warning: message", unless --quiet.
void warn(const std::string& message);
// The same without "warning", with --verbose only.
void inform(const std::string& message);

// A warning where rows of these means and deviations (empty: not known) are about to be written in
// a precision that is too coarse for a column of them.
void warn_of_coarse_output(const std::vector<double>& mean, const std::vector<double>& deviation,
                           const ComputeOptions& compute);

// Error(usage) if a container is about to go to, or be read from, a terminal.
void refuse_terminal_output(const std::string& location);
void refuse_terminal_input(const std::string& location);

// Error(usage) if two of a program's outputs, each an option's name and its location, are one file
// (or both standard output), where one would replace the other. Empty locations are outputs not
// asked for; devices such as /dev/null may take several.
void refuse_shared_outputs(const std::vector<std::pair<std::string, std::string>>& outputs);

// Origin of an output made by this run, from the inputs' history.
[[nodiscard]] Provenance provenance(const CommandLine& line, const CommonOptions& common,
                                    std::vector<std::string> earlier = {});

// Numbers for people and scripts: a header line and tab-separated rows, or one JSON object
// (--json). With the columns metric and value the object maps metrics to values; otherwise it maps
// each column to its value (one row) or to an array (any other number of rows). Numbers stand
// unquoted; not-a-number and infinities, which JSON lacks, are null.
class Report {
 public:
  explicit Report(std::vector<std::string> columns) : columns_(std::move(columns)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] std::string tsv() const;
  [[nodiscard]] std::string json() const;

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Prints a report to standard output.
void print_report(const Report& report, bool json);

// Shortest text that reads back as the same double; "nan", "inf".
[[nodiscard]] std::string number_text(double value);

}  // namespace pushforward
