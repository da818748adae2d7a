#include "cli/program.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <new>
#include <stdexcept>

#include "base/error.hpp"
#include "base/lanes.hpp"
#include "base/precision.hpp"
#include "base/stop.hpp"
#include "cli/memory_limit.hpp"
#include "cli/parse_number.hpp"
#include "graph/bf16.hpp"
#include "io/atomic_file.hpp"
#include "io/context.hpp"

namespace pushforward {

namespace {

int guarded(const std::string& program, const std::function<int()>& body) {
  try {
    return body();
  } catch (const Error& error) {
    say(program, error.what());
    return error.exit_status();
  } catch (const Stopped& stopped) {
    if (!messages_are_quiet()) say(program, stopped.what());
    return stopped.exit_status();
  } catch (const std::bad_alloc&) {
    say(program, "not enough memory");
  } catch (const std::length_error&) {  // a container asked for more than any memory holds
    say(program, "not enough memory");
  } catch (const std::exception& error) {
    say(program, std::string("unexpected error: ") + error.what());
  }
  return 1;
}

// If a standard stream is closed, the next file opened would get its number, and output to the
// stream would go into that file. So a descriptor that refuses reads and writes takes its number.
void occupy_standard_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
    if (fcntl(stream, F_GETFD) < 0)
      static_cast<void>(open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

// Standard output may fail at the last moment (a full disk), or even when it is closed. Prints a
// message unless a failure was reported already.
bool finish_standard_output(const std::string& program, bool reported) {
  errno = 0;
  bool good = !std::ferror(stdout) && std::cout.good();
  good = std::fflush(stdout) == 0 && good;
  if (good) {
    const int copy = dup(STDOUT_FILENO);
    if (copy >= 0) good = close(copy) == 0;
  }
  if (!good && !reported) {
    const std::string reason = errno != 0 ? std::strerror(errno) : "write error";
    say(program, "standard output: cannot write: " + reason);
  }
  return good;
}

}  // namespace

ProgressStyle CommonOptions::progress_style() const {
  ProgressStyle style;
  if (quiet || progress == "never") return style;
  const auto minutes = minutes_in(progress);
  style.mode = minutes || progress == "always" ? ProgressMode::always : ProgressMode::automatic;
  if (minutes) style.line_seconds = 60 * *minutes;
  return style;
}

void add_common(CommandLine& line, CommonOptions* options) {
  line.bind_common(&options->quiet, &options->verbose, &options->no_history, &options->progress);
}

int ComputeOptions::thread_count() const {
  return threads == 0 ? available_threads() : static_cast<int>(threads);
}

void add_seed(CommandLine& line, ComputeOptions* options) {
  line.integer("seed", &options->seed, {0, 9007199254740992.0},
               "the same seed gives the same bits, for any number of threads");
}

void add_threads(CommandLine& line, ComputeOptions* options) {
  line.integer("threads", &options->threads, {0, 1024},
               "threads to use; 0: the cores this process may use");
}

void add_one_thread(CommandLine& line, ComputeOptions* options) {
  line.integer("threads", &options->threads, {0, 1024},
               "the most threads to use; this program uses one");
}

void add_network_precision(CommandLine& line, ComputeOptions* options) {
  line.choice("precision", &options->precision, {"float32", "float64", "bf16"},
              "numbers to compute in; bf16 is float32 with products in bfloat16");
}

void add_precision(CommandLine& line, ComputeOptions* options) {
  line.choice("precision", &options->precision, {"float32", "float64"}, "numbers to compute in");
}

Products network_products(const ComputeOptions& options) {
  if (options.precision != "bf16") return Products::exact;
  const Bf16Products products = bf16_products();
  if (products == Bf16Products::none) {
    warn("--precision bf16: this processor has no AMX; products are made in float32");
    return Products::exact;
  }
  inform(products == Bf16Products::amx ? "products in bfloat16 by AMX"
                                       : "products in bfloat16 by rounding");
  return Products::bf16;
}

void add_json(CommandLine& line, bool* json) {
  line.flag("json", json, "print one JSON object in place of tab-separated lines");
}

void add_output(CommandLine& line, std::string* output, CommandLine::FormatsOf formats) {
  if (output->empty()) *output = "-";
  if (!formats) formats = [] { return FileFormats{FileFormat::hdf5}; };
  line.output_file("output,o", output, "where the result goes; - is standard output",
                   std::move(formats));
}

int run_program(const std::string& program, const std::function<int()>& body) {
  occupy_standard_streams();
  limit_memory();
  std::signal(SIGPIPE, SIG_DFL);  // the parent may have left it ignored
  std::signal(SIGCHLD, SIG_DFL);  // so that waitpid() tells how a child ended
  set_messages(program, false, false);
  const int status = guarded(program, body);
  const bool written = finish_standard_output(program, status != 0);
  return status == 0 && !written ? 1 : status;
}

void warn_left_behind(const ContainerReader& reader, const std::vector<DatasetInfo>& passed,
                      ContainerReader::Behind which) {
  const std::string left = reader.left_behind(passed, which);
  if (!left.empty()) warn(left);
}

void warn_not_used(const ContainerReader& reader, const std::string& used) {
  std::vector<DatasetInfo> known = computed_datasets(reader);
  if (!used.empty() && reader.has(used)) known.push_back(reader.info(used));
  warn_left_behind(reader, known);
}

void warn_of_coarse_output(const std::vector<double>& mean, const std::vector<double>& deviation,
                           const ComputeOptions& compute) {
  const std::string phrase = coarse_columns(mean, deviation);
  if (!phrase.empty() && compute.precision != "float64")
    warn(phrase + "; --precision float64 keeps the digits of the rows");
}

Provenance provenance(const CommandLine& line, const CommonOptions& common,
                      std::vector<std::string> earlier) {
  Provenance origin;
  origin.program = line.program();
  origin.command_line = line.history_line();
  origin.earlier = std::move(earlier);
  origin.write_history = !common.no_history;
  return origin;
}

void print_report(const Report& report, bool json) {
  const std::string text = json ? report.json() : report.tsv();
  const int error = write_stream(STDOUT_FILENO, text.data(), text.size());
  if (error != 0) fail_io(std::string("standard output: cannot write: ") + std::strerror(error));
}

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  return std::string(buffer, result.ptr);
}

}  // namespace pushforward
