#include "io/array_file.hpp"

#include "io/container.hpp"
#include "io/csv.hpp"

namespace pushforward {
namespace {

const std::string hdf5_signature = "\x89HDF\r\n\x1a\n";

bool is_text(const std::string& file) {
  if (file == "-") return false;
  return InputFile(file).bytes(0, hdf5_signature.size()) != hdf5_signature;
}

}  // namespace

Array read_array_file(const std::string& name, std::string* source) {
  const Location location = Location::parse(name);
  *source = location.name();
  if (!location.dataset_named && is_text(location.file)) {
    CsvOptions options;
    options.type = ElementType::float64;
    return read_csv(InputFile(location.file), options).find("/x")->array;
  }
  const ContainerReader reader(name);
  *source = reader.name() + ": " + reader.main_dataset();
  return reader.read(reader.main_dataset());
}

}  // namespace pushforward
