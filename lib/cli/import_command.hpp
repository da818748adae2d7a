// The options of tensor-import.
#pragma once

#include <string>
#include <vector>

#include "cli/program.hpp"
#include "io/import.hpp"

namespace pushforward {

struct ImportCommand {
  CommonOptions common;
  ComputeOptions compute;
  std::vector<std::string> files;
  std::string header = "auto", label_column, keep, one_hot, jitter, missing = "error", size, rows,
              output = "-", rest;
  ColumnChoice choice;
  bool decimal_comma = false, gray = false, rgb = false, channels_last = false, transpose = false;
  bool shuffle = false;
  double split = 0;
  std::int64_t pca = 0;  // 0: none
};

void add_import(CommandLine& line, ImportCommand* o);

// Call it after parsing. Error(usage) for options that do not go together or make no sense.
[[nodiscard]] ImportOptions import_options(const CommandLine& line, const ImportCommand& o);

// Error(usage) if an option for text was given and no file was text.
void require_text(const CommandLine& line, const ImportCommand& o, const Imported& imported);

}  // namespace pushforward
