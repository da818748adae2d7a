#include "io/carried_rows.hpp"

#include <algorithm>

#include "io/names.hpp"

namespace pushforward {

std::vector<DatasetInfo> carried_datasets(const ContainerReader& reader) {
  std::vector<DatasetInfo> carried;
  for (const auto& list : {reader.row_datasets(), reader.row_texts()})
    for (const DatasetInfo& info : list)
      if (info.path != "/x") carried.push_back(info);
  return carried;
}

CarriedRows::CarriedRows(const ContainerReader& reader, const std::vector<std::string>& replaced)
    : reader_(reader) {
  for (DatasetInfo& info : carried_datasets(reader))
    if (std::find(replaced.begin(), replaced.end(), info.path) == replaced.end())
      datasets_.push_back(std::move(info));
}

void CarriedRows::create(ContainerWriter* writer) const {
  for (const DatasetInfo& info : datasets_)
    if (info.is_text)
      writer->create_texts(info.path, info.shape[1]);
    else
      writer->create_rows(info.path, info.type, Shape(info.shape.begin() + 1, info.shape.end()));
}

void CarriedRows::append(ContainerWriter* writer, std::size_t first, std::size_t count) const {
  for (const DatasetInfo& info : datasets_)
    writer->append_rows(info.path, reader_.read_row_block(info, first, count));
}

void CarriedRows::name(ContainerWriter* writer) const {
  for (const DatasetInfo& info : datasets_) copy_names(reader_, info.path, writer, info.path);
}

void CarriedRows::write_in_order(const std::vector<std::size_t>& order,
                                 ContainerWriter* writer) const {
  for (const DatasetInfo& info : datasets_) {
    const Array rows = rows_in_order(reader_.read_row_block(info, 0, info.shape[0]), order);
    if (info.is_text)
      writer->write_texts(info.path, rows);
    else
      writer->write(info.path, rows);
  }
  name(writer);
}

Array rows_in_order(const Array& all, const std::vector<std::size_t>& order) {
  Shape shape = all.shape;
  shape[0] = order.size();
  Array rows = Array::make(all.type, std::move(shape));
  const std::size_t size = all.row_size() * element_size(all.type);
  for (std::size_t i = 0; i < order.size(); ++i)
    std::copy_n(all.bytes.data() + order[i] * size, size, rows.bytes.data() + i * size);
  return rows;
}

}  // namespace pushforward
