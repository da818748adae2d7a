// Flow models through files: what is written is read back, attributes out of bounds are refused.
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "flow/flow.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

// What read_flow says of a flow's file with these attributes and the weights of the kind's
// smallest two-dimensional flow, "none" if nothing.
std::string complaint(const std::string& kind, std::int64_t dimension, std::int64_t layers,
                      std::int64_t hidden) {
  FlowSpec spec;
  spec.flow = kind;
  spec.dimension = 2;
  spec.layers = 1;
  spec.hidden = 4;
  spec.depth = 1;
  const Flow flow(spec, {}, 1);
  const TemporaryFile file;
  ContainerWriter writer(file.path, "model", {});
  write_flow(&writer, flow, {2}, ElementType::float64);
  writer.set_integer("/model", "dimension", dimension);
  writer.set_integer("/model", "layers", layers);
  writer.set_integer("/model", "hidden", hidden);
  writer.commit();
  try {
    const ContainerReader reader(file.path);
    const std::unique_ptr<Flow> back = read_flow(reader);
    CHECK(back->parameters().values == flow.parameters().values);
  } catch (const Error& error) {
    CHECK(error.exit_status() == 1);
    CHECK(std::string(error.what()).rfind(file.path + ": ", 0) == 0);
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("edited flow files are refused as damaged, whatever the attribute", "[flow]") {
  for (const std::string& kind : flow_names()) {
    INFO(kind);
    CHECK(complaint(kind, 2, 1, 4) == "none");
    for (const std::int64_t number : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{1},
                                      std::int64_t{3}, std::int64_t{1} << 20, INT64_MAX})
      CHECK(complaint(kind, number, 1, 4) != "none");
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{2}, std::int64_t{1024}, std::int64_t{1} << 32})
      CHECK(complaint(kind, 2, number, 4) != "none");
    if (!flow_kind(kind).has_networks) continue;
    for (const std::int64_t number : {std::int64_t{0}, std::int64_t{5}, std::int64_t{65536}})
      CHECK(complaint(kind, 2, 1, number) != "none");
  }
}
