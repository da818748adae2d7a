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
  bool is_text = false;  // one text per row, read as uint8 [N, size] (io/texts.hpp)
};

// A dataset that does not hold numbers.
struct OtherInfo {
  std::string path;
  std::string type;  // "text", "compound", ...
  Shape shape;
};

class InputFile;
struct Table;

// A location as users give it: a file, "-", or FILE:/path for one dataset or group of a file.
struct Location {
  std::string file;            // "-" is standard input or output
  std::string dataset = "/x";  // or the /path given
  bool dataset_named = false;
  [[nodiscard]] static Location parse(const std::string& text);
  [[nodiscard]] std::string name() const;  // for messages: the file, or "standard input"
};

// Reads a container from a file or a pipe. Links out of the file, external storage, virtual
// datasets, filters other than fletcher32, shuffle and deflate, and shapes larger than the file can
// hold are refused before anything is allocated. Every failure is an Error that names the file and
// the dataset. A file of a newer format_version is refused. To be used from one thread at a time.
//
// If FILE:/path names a group, the file is read as if the group were its root. If it names a
// dataset, the kind is "tensors", whatever the file's is; readers of a model, of statistics or of a
// checkpoint call require_group(). Error(not_found) for a path that the file does not have.
class ContainerReader {
 public:
  explicit ContainerReader(const std::string& location);
  // A file that is already open; `location` gives its name for messages and the /path.
  ContainerReader(InputFile file, const Location& location);
  // Datasets in memory, as if a file `name` held them.
  [[nodiscard]] static ContainerReader in_memory(const std::string& name, Table table);
  ~ContainerReader();
  ContainerReader(ContainerReader&&) noexcept;
  ContainerReader& operator=(ContainerReader&&) noexcept;

  // The same file as if the group at this path were its root: how a model that is part of another
  // is read. Messages name file and group ("m.h5:/part").
  [[nodiscard]] ContainerReader inside(const std::string& group) const;

  // Error(invalid) if FILE:/path names a dataset, where `what` ("a model") is wanted.
  void require_group(const std::string& what) const;

  [[nodiscard]] const Location& location() const;  // the dataset is /x where a group was named
  [[nodiscard]] std::string name() const;          // for messages
  // "tensors", "model", "stats"; "tensors" if the file does not say, and for a named dataset.
  [[nodiscard]] std::string kind() const;
  [[nodiscard]] std::string main_dataset() const;  // "/x", or the path named by FILE:/path
  [[nodiscard]] std::vector<std::string> history() const;

  // Numeric datasets directly in a group, sorted by name; with `recursive`, all below it.
  [[nodiscard]] std::vector<DatasetInfo> datasets(const std::string& group = "/",
                                                  bool recursive = false) const;
  // All datasets that are not numeric, sorted by name.
  [[nodiscard]] std::vector<OtherInfo> other_datasets() const;
  [[nodiscard]] bool has(const std::string& path) const;  // a dataset or group
  [[nodiscard]] DatasetInfo info(const std::string& path) const;
  [[nodiscard]] Array read(const std::string& path) const;
  [[nodiscard]] Array read_rows(const std::string& path, std::size_t first,
                                std::size_t count) const;

  // Numeric datasets at the root with as many rows as the main one, without the main one; and
  // datasets with one text per row of the main one. They are listed as other_datasets() as well,
  // and read by read_row_block() alone.
  [[nodiscard]] std::vector<DatasetInfo> row_datasets() const;
  [[nodiscard]] std::vector<DatasetInfo> row_texts() const;
  // Rows of a dataset of numbers or of texts, as `info` from one of these lists says.
  [[nodiscard]] Array read_row_block(const DatasetInfo& info, std::size_t first,
                                     std::size_t count) const;
  // One line for a warning: the datasets, numeric or not, that a program drops when it passes on
  // the main one and those in `passed`; empty if there are none. Considers all datasets of the
  // file, or only those with as many rows as the main one.
  enum class Behind { of_all, of_rows };
  [[nodiscard]] std::string left_behind(const std::vector<DatasetInfo>& passed,
                                        Behind which = Behind::of_all) const;

  // Attributes of an object ("/" is the root, "/model" a group). Empty when absent.
  [[nodiscard]] std::optional<std::string> text(const std::string& path,
                                                const std::string& attribute) const;
  // The elements of an attribute as text; empty if it is absent.
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

// What every container records about its origin.
struct Provenance {
  std::string program;       // "flow-train"
  std::string command_line;  // of this run, quoted for a shell; becomes the newest history line
  std::vector<std::string> earlier;  // the input's history, newest first
  bool write_history = true;         // --no-history
  std::optional<std::uint64_t> seed;
};

// Writes a container to a file or to standard output, with the same bytes. The target appears at
// commit() (io/atomic_file.hpp); without commit() an older target is left as it was. HDF5 does no
// disk output itself: its writes pass through io/hdf5_file_driver.hpp. The first failure is
// reported by the next call, as an Error with the system's reason.
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

  // Writes one whole dataset and creates the groups of its path.
  void write(const std::string& path, const Array& array);
  // A dataset that grows: rows of shape `row_shape`, appended in blocks of any size. The bytes of
  // the file do not depend on the block sizes. Datasets that belong together should be created
  // before the first append and grow together: rows that are ahead of the other datasets by more
  // than a few megabytes wait in a temporary file.
  void create_rows(const std::string& path, ElementType type, const Shape& row_shape);
  void append_rows(const std::string& path, const Array& rows);

  // The same for one text per row: UTF-8 of a fixed size, uint8 [N, size] as io/texts.hpp makes it.
  void write_texts(const std::string& path, const Array& texts);
  void create_texts(const std::string& path, std::size_t size);

  void set_text(const std::string& path, const std::string& attribute, const std::string& value);
  void set_number(const std::string& path, const std::string& attribute, double value);
  void set_integer(const std::string& path, const std::string& attribute, std::int64_t value);

  // Completes the file: syncs and renames it, or writes it to standard output.
  void commit();

 private:
  struct Implementation;
  ContainerWriter(std::shared_ptr<Implementation> implementation, std::string prefix);
  [[nodiscard]] std::string at(const std::string& path) const;

  std::shared_ptr<Implementation> implementation_;
  std::string prefix_;  // of paths in the file; empty: the root
};

}  // namespace pushforward
