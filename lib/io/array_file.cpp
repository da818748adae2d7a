#include "io/array_file.hpp"

#include <utility>

#include "io/container.hpp"
#include "io/csv.hpp"
#include "io/hdf5_signature.hpp"

namespace pushforward {

Array read_array_file(const std::string& name, std::string* source) {
  const Location location = Location::parse(name);
  *source = location.name();
  InputFile file(location.file);
  if (!location.dataset_named && location.file != "-" && !is_hdf5(file.bytes(0, hdf5_head_size))) {
    CsvOptions options;
    options.type = ElementType::float64;
    return read_csv(file, options).find("/x")->array;
  }
  const ContainerReader reader(std::move(file), location);
  *source = reader.name() + ": " + reader.main_dataset();
  return reader.read(reader.main_dataset());
}

}  // namespace pushforward
