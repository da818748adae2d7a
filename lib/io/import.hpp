// Import of files of other programs, recognised by their content, not by their names.
#pragma once

#include <string>
#include <vector>

#include "io/csv.hpp"
#include "io/images.hpp"
#include "io/table.hpp"

namespace pushforward {

struct ImportOptions {
  CsvOptions csv;  // the choice of columns applies to all rows [N, D], not only to text
  ImageOptions image;
  bool transpose = false;      // extents in reverse order
  bool channels_last = false;  // /x is [N, H, W, C] and becomes [N, C, H, W]
};

struct Imported {
  Table table;
  bool weights = false;         // named tensors, not rows
  bool text = false;            // at least one of the files is text
  std::size_t passed_over = 0;  // number of files in folders that are no images
  std::string first_passed_over;
};

// Reads CSV and TSV, NPY and NPZ, IDX, safetensors, checkpoints of PyTorch and containers, each
// possibly compressed by gzip; PNG, JPEG and BMP files and folders of them. The rows of several
// files are concatenated; an IDX file of one dimension is the /label of the others. IDX images
// [N, H, W] become [N, 1, H, W]. The member x of an NPZ file, or its only one, is /x. FILE:/path
// takes one array of an NPZ, safetensors, PyTorch or HDF5 file as /x; other formats have no such
// names.
//
// Axes are reordered first, then columns are chosen, then images scaled. Empty arrays beside rows
// are left out, with a warning. Error(invalid) for empty rows or labels, for nothing but empty
// arrays, for a single number as /x, for images to be scaled that look like [N, H, W, C], and for
// what each format's reader refuses. Warns of other images that look like [N, H, W, C], and of an
// NPZ file of several arrays of which none is the rows.
[[nodiscard]] Imported import_files(const std::vector<std::string>& files,
                                    const ImportOptions& options);

// The rows of an NPY or NPZ file ("FILE", "FILE:/member") as a container. The rows of an NPZ file
// are the member x, its only member, or arr_0; Error(invalid) if it has none of these.
[[nodiscard]] ContainerReader numpy_rows(const Location& location);

// Whether a file with these first bytes is NPY or NPZ.
[[nodiscard]] bool is_numpy(const std::string& head);

}  // namespace pushforward
