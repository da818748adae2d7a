#include "io/array_file.hpp"

#include <utility>

#include "io/container.hpp"
#include "io/csv.hpp"

namespace pushforward {
namespace {

const std::string hdf5_signature = "\x89HDF\r\n\x1a\n";

}  // namespace

Array read_array_file(const std::string& name, std::string* source) {
  const Location location = Location::parse(name);
  *source = location.name();
  InputFile file(location.file);
  if (!location.dataset_named && location.file != "-" &&
      file.bytes(0, hdf5_signature.size()) != hdf5_signature) {
    CsvOptions options;
    options.type = ElementType::float64;
    return read_csv(file, options).find("/x")->array;
  }
  const ContainerReader reader(std::move(file), name);
  *source = reader.name() + ": " + reader.main_dataset();
  return reader.read(reader.main_dataset());
}

}  // namespace pushforward
