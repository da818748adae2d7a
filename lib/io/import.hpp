// Files of other programs as tensors, by their content and not by their names.
#pragma once

#include <string>
#include <vector>

#include "io/csv.hpp"
#include "io/images.hpp"
#include "io/table.hpp"

namespace pushforward {

struct ImportOptions {
  CsvOptions csv;  // its choice of columns is for all rows [N, D]
  ImageOptions image;
  bool transpose = false;      // extents in reverse order
  bool channels_last = false;  // /x is [N, H, W, C] and becomes [N, C, H, W]
};

struct Imported {
  Table table;
  bool weights = false;         // named tensors, not rows
  bool text = false;            // one of the files at least is text
  std::size_t passed_over = 0;  // files in folders of pictures that are no pictures
  std::string first_passed_over;
};

// CSV and TSV, NPY and NPZ, IDX, safetensors, checkpoints of PyTorch and containers, each also
// packed by gzip; PNG, JPEG and BMP files and folders of them. Several files of rows are joined,
// one below the other; an IDX file of one dimension gives the /label of the others. IDX images [N,
// H, W] become [N, 1, H, W]. Of an NPZ file, the member x, or the only one, is /x. FILE:/path takes
// one array of an NPZ, safetensors, PyTorch or HDF5 file as /x; other files have no such names.
// Axes are put in order first, then columns are chosen, then pictures scaled. Beside rows, arrays
// without elements are left out, with a warning. Error(invalid) for rows, labels and sets of
// arrays without elements, a single number as /x, and what each format's reader refuses; pictures
// that are to be scaled and look like [N, H, W, C]. Warnings of pictures that look so, and of an
// NPZ file of several arrays without rows.
[[nodiscard]] Imported import_files(const std::vector<std::string>& files,
                                    const ImportOptions& options);

// The rows of an NPY or NPZ file ("FILE", "FILE:/member") as a container: of an NPZ the member x,
// the only one, or arr_0. Error(invalid) if it has none of these.
[[nodiscard]] ContainerReader numpy_rows(const Location& location);

// Does a file that begins so hold arrays of NumPy?
[[nodiscard]] bool is_numpy(const std::string& head);

}  // namespace pushforward
