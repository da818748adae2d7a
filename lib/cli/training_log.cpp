#include "cli/training_log.hpp"

#include <sys/stat.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>

#include "cli/program.hpp"

namespace pushforward {
namespace {

std::string log_line(const LogRow& row, const std::string& seconds) {
  char text[200];
  std::snprintf(text, sizeof text, "%lld\t%s\t%.9g\t%s\t%.9g\t%.9g",
                static_cast<long long>(row.step), seconds.c_str(), row.loss,
                std::isfinite(row.validation) ? number_text(row.validation).c_str() : "", row.rate,
                row.gradient_norm);
  std::string all = text;
  if (std::isfinite(row.adversary_loss)) {
    std::snprintf(text, sizeof text, "\t%.9g", row.adversary_loss);
    all += text;
  }
  return all + "\n";
}

std::string seconds_text(double seconds) {
  char text[40];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

// What a log lists: all of a line but its seconds, and the seconds.
std::map<std::string, std::string> listed_seconds(const std::string& location) {
  std::map<std::string, std::string> seconds;
  struct stat status;
  // A pipe or device has nothing to read back.
  if (stat(location.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return seconds;
  std::ifstream file(location);
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find('\t');
    const std::size_t second = first == std::string::npos ? first : line.find('\t', first + 1);
    if (second == std::string::npos) break;
    seconds[line.substr(0, first) + line.substr(second)] =
        line.substr(first + 1, second - first - 1);
  }
  return seconds;
}

}  // namespace

TrainingLog::TrainingLog(const std::string& location, bool has_adversary,
                         const std::vector<LogRow>& earlier)
    : file_(location) {
  file_.write("step\tseconds\tloss\tvalidation\tlr\tgrad_norm" +
              std::string(has_adversary ? "\tdiscriminator_loss" : "") + "\n");
  const std::map<std::string, std::string> listed = listed_seconds(location);
  for (const LogRow& row : earlier) {
    std::string key = log_line(row, "");
    key.erase(key.find('\t'), 1);  // the tab before the empty seconds
    key.pop_back();
    const auto found = listed.find(key);
    const std::string seconds = found == listed.end() ? "" : found->second;
    char* end = nullptr;
    const double value = std::strtod(seconds.c_str(), &end);
    const bool known = !seconds.empty() && *end == '\0' && std::isfinite(value) && value >= 0;
    if (known) seconds_before_ = value;
    file_.write(log_line(row, known ? seconds_text(value) : ""));
  }
  file_.commit();
}

void TrainingLog::add(const LogRow& row, double seconds) {
  if (failure_) return;
  try {
    file_.write(log_line(row, seconds_text(seconds_before_ + seconds)));
    file_.flush();
  } catch (const Error& error) {
    warn(error.what());
    failure_ = error;
  }
}

void TrainingLog::commit() {
  if (failure_) throw Error(*failure_);
  file_.commit();
}

}  // namespace pushforward
