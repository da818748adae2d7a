#include "io/array_file.hpp"

#include "io/container.hpp"
#include "io/csv.hpp"
#include "io/hdf5_signature.hpp"

namespace pushforward {
namespace {

bool is_text(const std::string& file) {
  if (file == "-") return false;
  return !is_hdf5(InputFile(file).bytes(0, 4096));
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
