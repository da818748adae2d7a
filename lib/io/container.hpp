// The HDF5 container every program reads and writes: pushforward-format(5).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/array.hpp"

namespace pushforward {

struct DatasetInfo {
  std::string path;  // "/x"
  ElementType type;
  Shape shape;
};

// A dataset of something else than numbers, which is not read.
struct OtherInfo {
  std::string path;
  std::string type;  // "text", "compound", ...
  Shape shape;
};

class InputFile;
struct Table;

// A place a person names: a file, "-", or FILE:/path for one dataset or group of a file.
struct Location {
  std::string file;            // "-" is standard input or output
  std::string dataset = "/x";  // unless named
  bool dataset_named = false;
  [[nodiscard]] static Location parse(const std::string& text);
  [[nodiscard]] std::string name() const;  // for messages: the file, or "standard input"
};

// Reads a container from a file or a pipe. Links out of the file, external storage, virtual
// datasets, filters other than fletcher32, shuffle and deflate, and shapes larger than the file can
// hold are refused before anything is allocated. Every failure is an Error that names the file and
// the dataset. A file of a newer format_version is refused. To be used from one thread at a time.
//
// FILE:/path that names a group is that file as if the group were its root. What is read from a
// whole container (a model, statistics, a checkpoint) calls require_group; a named dataset is
// tensors, whatever the file is. Error(not found) for a path that the file does not have.
class ContainerReader {
 public:
  explicit ContainerReader(const std::string& location);
  // A file that is open already, whose name in messages and /path `location` gives.
  ContainerReader(InputFile file, const Location& location);
  // Datasets in memory, as if a file `name` held them.
  [[nodiscard]] static ContainerReader in_memory(const std::string& name, Table table);
  ~ContainerReader();
  ContainerReader(ContainerReader&&) noexcept;
  ContainerReader& operator=(ContainerReader&&) noexcept;

  // The same file as if the group at this path were its root: how a model that is part of another
  // is read. Messages name file and group ("m.h5:/part").
  [[nodiscard]] ContainerReader inside(const std::string& group) const;

  // Error(invalid) where FILE:/path names one dataset: `what` ("a model") is more than that.
  void require_group(const std::string& what) const;

  [[nodiscard]] const Location& location() const;  // the dataset is /x where a group was named
  [[nodiscard]] std::string name() const;          // for messages
  // "tensors", "model", "stats"; "tensors" if unsaid, and of a named dataset.
  [[nodiscard]] std::string kind() const;
  [[nodiscard]] std::string main_dataset() const;  // "/x", or the path named by FILE:/path
  [[nodiscard]] std::vector<std::string> history() const;

  // Numeric datasets directly in a group, by name; all of them below it with `recursive`.
  [[nodiscard]] std::vector<DatasetInfo> datasets(const std::string& group = "/",
                                                  bool recursive = false) const;
  // The other datasets below the root, by name.
  [[nodiscard]] std::vector<OtherInfo> other_datasets() const;
  [[nodiscard]] bool has(const std::string& path) const;  // a dataset or group
  [[nodiscard]] DatasetInfo info(const std::string& path) const;
  [[nodiscard]] Array read(const std::string& path) const;
  [[nodiscard]] Array read_rows(const std::string& path, std::size_t first,
                                std::size_t count) const;

  // Datasets at the root, other than the main one, whose first extent is the main one's.
  [[nodiscard]] std::vector<DatasetInfo> row_datasets() const;
  // One line for a warning, or nothing: the datasets, of numbers or not, that a program leaves
  // behind when it passes on the main one and those in `passed`. Of all of the file, or of those
  // alone whose first extent is the main one's.
  enum class Behind { of_all, of_rows };
  [[nodiscard]] std::string left_behind(const std::vector<DatasetInfo>& passed,
                                        Behind which = Behind::of_all) const;

  // Attributes of an object ("/" is the root, "/model" a group). Empty when absent.
  [[nodiscard]] std::optional<std::string> text(const std::string& path,
                                                const std::string& attribute) const;
  // The elements of an attribute as text, none where it is absent.
  [[nodiscard]] std::vector<std::string> lines(const std::string& path,
                                               const std::string& attribute) const;
  [[nodiscard]] std::optional<double> number(const std::string& path,
                                             const std::string& attribute) const;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> attributes(
      const std::string& path) const;  // all, as text, by name

 private:
  struct Implementation;
  ContainerReader(std::shared_ptr<Implementation> implementation, std::string prefix);
  [[nodiscard]] std::string at(const std::string& path) const;

  std::shared_ptr<Implementation> implementation_;
  std::string prefix_;  // of paths in the file; empty: the root
};

// What every container says of its origin.
struct Provenance {
  std::string program;       // "flow-train"
  std::string command_line;  // this run, as a shell would take it; becomes the newest history line
  std::vector<std::string> earlier;  // the input's history, newest first
  bool write_history = true;         // --no-history
  std::optional<std::uint64_t> seed;
};

// Writes a container to a file or standard output; the bytes are the same. Nothing appears under
// the target's name before commit(): a temporary file beside it is synced and renamed then. Without
// commit() the temporary file is removed and an older target is left as it was. HDF5 does no disk
// output: its writes pass through our own loop, and the first failure is reported by the next call
// as an Error with the system's reason.
class ContainerWriter {
 public:
  ContainerWriter(const std::string& location, const std::string& kind,
                  const Provenance& provenance);
  ~ContainerWriter();
  ContainerWriter(ContainerWriter&&) noexcept;
  ContainerWriter& operator=(ContainerWriter&&) noexcept;

  [[nodiscard]] std::string name() const;  // for messages
  // Writes to the same file as if the group at this path were its root.
  [[nodiscard]] ContainerWriter inside(const std::string& group) const;

  // One whole dataset; the groups of its path are made.
  void write(const std::string& path, const Array& array);
  // A dataset that grows: rows of shape `row_shape`, appended in blocks of any size. The bytes of
  // the file do not depend on the block sizes. Datasets that belong together should be created
  // before the first append and grow side by side: one that runs ahead by more than a few megabytes
  // waits in a temporary file.
  void create_rows(const std::string& path, ElementType type, const Shape& row_shape);
  void append_rows(const std::string& path, const Array& rows);

  void set_text(const std::string& path, const std::string& attribute, const std::string& value);
  void set_number(const std::string& path, const std::string& attribute, double value);
  void set_integer(const std::string& path, const std::string& attribute, std::int64_t value);

  // Finishes the file: written whole, synced and renamed, or written to standard output.
  void commit();

 private:
  struct Implementation;
  ContainerWriter(std::shared_ptr<Implementation> implementation, std::string prefix);
  [[nodiscard]] std::string at(const std::string& path) const;

  std::shared_ptr<Implementation> implementation_;
  std::string prefix_;  // of paths in the file; empty: the root
};

}  // namespace pushforward
