// Files of other programs as tensors, by their content and not by their names.
#pragma once

#include <string>
#include <vector>

#include "io/csv.hpp"
#include "io/images.hpp"
#include "io/table.hpp"

namespace pushforward {

struct ImportOptions {
  CsvOptions csv;
  ImageOptions image;
};

struct Imported {
  Table table;
  bool weights = false;                  // named tensors, not rows
  bool text = false;                     // one of the files at least is text
  std::size_t passed_over = 0;           // files in folders of pictures that are no pictures
  std::vector<std::string> left_behind;  // of containers: what is not taken over, a line for each
};

// CSV and TSV, NPY and NPZ, IDX, safetensors and containers, each also packed by gzip; PNG, JPEG
// and BMP files and folders of them. Several files of rows are joined, one below the other; an IDX
// file of one dimension gives the /label of the others. IDX images [N, H, W] become [N, 1, H, W].
// Of an NPZ file, the member x, or the only one, is /x.
[[nodiscard]] Imported import_files(const std::vector<std::string>& files,
                                    const ImportOptions& options);

}  // namespace pushforward
