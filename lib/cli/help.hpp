// The text of --help.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

struct HelpOption {
  std::string names;  // "-n, --count N"
  std::string text;
  std::string standard;  // the default as shown; empty if there is none
};

struct HelpGroup {
  std::string title;
  std::vector<HelpOption> options;
};

struct HelpPage {
  std::string usage;  // "flow-train [OPTIONS] [INPUT]"
  std::string summary;
  std::vector<HelpGroup> groups;
  std::string example;
};

// At most 80 columns wide, except where a single word or the example is wider.
[[nodiscard]] std::string help_text(const HelpPage& page);

}  // namespace pushforward
