// The files that a command line names: the use of each, and one check of them all.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace pushforward {

// What an output holds. `table` is tab-separated text.
enum class FileFormat { hdf5, npz, npy, png, apng, gif, svg, pdf, csv, table };
using FileFormats = std::vector<FileFormat>;

enum class FileUse {
  input,   // read
  typed,   // read; may also be typed at a terminal
  result,  // the program's result (-o)
  side     // written besides the result: a log, a checkpoint, statistics
};

struct NamedFile {
  std::string name;       // "--log" or "INPUT", for messages
  std::string* location;  // its value; empty: no file
  FileUse use = FileUse::input;
  std::function<FileFormats()> formats = {};  // of an output; called only if it is written
  std::string continues = {};  // of a side output: the option whose file it may replace
  bool first_operand = false;  // of an input: an HDF5 result may replace it
};

// "png" of "plots/a.PNG"; empty for a name without one.
[[nodiscard]] std::string suffix_of(const std::string& location);

// Rewrites other names of standard input (of an input) and standard output (of an output), such as
// /dev/stdin and /proc/self/fd/1, to "-". Error(usage) if
// - two outputs are one file, by name, link or inode (devices such as /dev/null may take several),
// - an output would replace a file that is read, except the first operand by an HDF5 result, and
//   the file that an output `continues`,
// - standard input, or another pipe, would be read twice,
// - anything but text would go to a terminal, or be read from one,
// - the suffix of an output is that of another format or, for a picture, of no known format.
// Error(io) if an output cannot be created.
void check_files(const std::vector<NamedFile>& files);

}  // namespace pushforward
