// Flow models through files: what is written is read back, attributes out of bounds are refused.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <set>

#include "base/error.hpp"
#include "flow/flow.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

// What read_flow says of a file, "none" if nothing and the parameters are those of `flow`.
std::string complaint_about(const std::string& path, const Flow& flow) {
  try {
    const ContainerReader reader(path);
    const std::unique_ptr<Flow> back = read_flow(reader);
    CHECK(back->parameters().values == flow.parameters().values);
  } catch (const Error& error) {
    CHECK(error.exit_status() == 1);
    CHECK(std::string(error.what()).rfind(path + ": ", 0) == 0);
    return error.what();
  }
  return "none";
}

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
  return complaint_about(file.path, flow);
}

// The same of a flow's file without some of its datasets and attributes, and with others. The
// file's name is left out.
std::string complaint(const FlowSpec& spec, const std::set<std::string>& without,
                      const std::function<void(ContainerWriter*)>& add) {
  const Flow flow(spec, {}, 1);
  const TemporaryFile whole, edited;
  {
    ContainerWriter writer(whole.path, "model", {});
    write_flow(&writer, flow, {static_cast<std::size_t>(spec.dimension)}, ElementType::float64);
    writer.commit();
  }
  const ContainerReader reader(whole.path);
  ContainerWriter writer(edited.path, "model", {});
  for (const DatasetInfo& info : reader.datasets("/model", true))
    if (without.count(info.path) == 0) writer.write(info.path, reader.read(info.path));
  for (const auto& [name, value] : reader.attributes("/model")) {
    if (without.count(name) > 0) continue;
    const std::optional<double> number = reader.number("/model", name);
    if (number)
      writer.set_number("/model", name, *number);
    else
      writer.set_text("/model", name, value);
  }
  add(&writer);
  writer.commit();
  const std::string text = complaint_about(edited.path, flow);
  return text == "none" ? text : text.substr(edited.path.size() + 2);
}

// The same with another number in one attribute.
std::string complaint(const FlowSpec& spec, const std::string& attribute, double number) {
  return complaint(
      spec, {}, [&](ContainerWriter* writer) { writer->set_number("/model", attribute, number); });
}

FlowSpec small_spec(const std::string& kind) {
  FlowSpec spec;
  spec.flow = kind;
  spec.dimension = 3;
  spec.layers = 2;
  spec.hidden = 4;
  spec.depth = 1;
  return spec;
}

const std::string few = "/model/parameters holds fewer numbers than its attributes need";

std::string outside(const std::string& attribute, const std::string& number) {
  return "/model says " + attribute + " = " + number + ", outside what a model can have";
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

TEST_CASE("orders of columns are permutations, a row a layer", "[flow]") {
  const auto with_orders = [](const std::vector<std::int32_t>& orders, const Shape& shape) {
    return complaint(small_spec("maf"), {"/model/orders"}, [&](ContainerWriter* writer) {
      writer->write("/model/orders", Array::of(orders, shape));
    });
  };
  CHECK(complaint(small_spec("maf"), {}, [](ContainerWriter*) {}) == "none");
  CHECK(with_orders({2, 0, 1, 1, 0, 2}, {2, 3}) == "none");
  CHECK(complaint(small_spec("maf"), {"/model/orders"}, [](ContainerWriter*) {}) ==
        "/model/orders is missing from this model");
  CHECK(with_orders({0, 1, 2}, {1, 3}) ==
        "/model/orders has shape [1, 3], this model needs [2, 3]");
  CHECK(with_orders({0, 1, 2, 0, 1, 2}, {6}) ==
        "/model/orders has shape [6], this model needs [2, 3]");
  for (const std::int32_t column : {0, -1, 3, INT32_MAX, INT32_MIN})
    CHECK(with_orders({0, 1, 2, 0, column, 2}, {2, 3}) ==
          "/model/orders row 1 is no permutation of the columns");
}

TEST_CASE("attributes of splines, bases and batch normalisation are checked", "[flow]") {
  const FlowSpec spline = small_spec("spline");
  CHECK(complaint(spline, "bins", 1) == outside("bins", "1.000000"));
  CHECK(complaint(spline, "bins", 1e9) == outside("bins", "1000000000.000000"));
  CHECK(complaint(spline, "bins", 2.5) == "/model says bins = 2.500000, which should be whole");
  CHECK(complaint(spline, "bins", 64) == few);
  CHECK(complaint(spline, "bins", 4) != "none");
  CHECK(complaint(spline, {"bins"}, [](ContainerWriter*) {}) == "/model lacks the attribute bins");
  CHECK(complaint(spline, "bound", std::nan("")) == outside("bound", "nan"));
  CHECK(complaint(spline, "bound", 0) == outside("bound", "0.000000"));
  CHECK(complaint(spline, "bound", -3) == outside("bound", "-3.000000"));
  CHECK(complaint(spline, "bound", INFINITY) == outside("bound", "inf"));
  CHECK(complaint(spline, "batch_norm", 2) == outside("batch_norm", "2.000000"));
  CHECK(complaint(spline, "batch_norm", 1) != "none");
  FlowSpec mixture = small_spec("planar");
  mixture.base = "mixture";
  mixture.components = 2;
  CHECK(complaint(mixture, "components", 2) == "none");
  CHECK(complaint(mixture, "components", 0) == outside("components", "0.000000"));
  CHECK(complaint(mixture, "components", 1e9) == outside("components", "1000000000.000000"));
  CHECK(complaint(mixture, "components", 1024) == few);
}

TEST_CASE("a context is checked before networks are made for it", "[flow]") {
  for (const std::string kind : {"realnvp", "maf", "spline-ar"}) {
    FlowSpec spec = small_spec(kind);
    spec.context = spec.classes = 3;
    spec.context_path = "/label";
    const auto with_context = [&](double context, double classes) {
      return complaint(spec, {}, [&](ContainerWriter* writer) {
        writer->set_number("/model", "context", context);
        writer->set_number("/model", "classes", classes);
      });
    };
    INFO(kind);
    CHECK(with_context(3, 3) == "none");
    CHECK(with_context(3, 0) == "none");  // three numbers that are no label
    CHECK(with_context(3, 2) == "/model has 2 classes and a context of 3 columns");
    CHECK(with_context(3, 1e9) == outside("classes", "1000000000.000000"));
    CHECK(with_context(-1, 0) == outside("context", "-1.000000"));
    CHECK(with_context(1e9, 1e9) == outside("context", "1000000000.000000"));
    CHECK(with_context(1 << 20, 1 << 20) == few);
    CHECK(with_context(2, 2) != "none");
    CHECK(with_context(0, 0) != "none");
    CHECK(complaint(spec, {"context_path"}, [](ContainerWriter*) {}) ==
          "/model lacks the attribute context_path");
    for (const std::string path : {"label", "", "/", "/x", "/log_density", "/a/b", "/../x"})
      CHECK(complaint(spec, {"context_path"}, [&](ContainerWriter* writer) {
              writer->set_text("/model", "context_path", path);
            }) == "/model says context_path = '" + path + "', where no context can stand");
  }
  CHECK(complaint(small_spec("planar"), "context", 3) == outside("context", "3.000000"));
}

TEST_CASE("what attributes promise is stored, or nothing of its size is made", "[flow]") {
  // Networks without a hidden layer of their own, or beside the layers.
  FlowSpec spline = small_spec("spline");
  spline.depth = 0;
  CHECK(complaint(spline, "hidden", 65536) == few);
  FlowSpec rad = small_spec("planar");
  rad.base = "rad";
  CHECK(complaint(rad, "hidden", 65536) == few);
  CHECK(complaint(rad, "depth", 64) == few);
  CHECK(complaint(small_spec("maf"), "depth", 64) == few);
  CHECK(complaint(small_spec("spline-ar"), "depth", 64) == few);
  // A linear layer is a square: of 60,000 columns, 3.6e9 numbers.
  FlowSpec glow = small_spec("glow");
  glow.layers = 1;
  glow.depth = 0;
  constexpr int columns = 60000;
  CHECK(complaint(glow, {"/model/orders", "/model/row_shape"}, [&](ContainerWriter* writer) {
          std::vector<std::int32_t> order(columns);
          for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int32_t>(i);
          writer->set_integer("/model", "dimension", columns);
          writer->write("/model/orders", Array::of(order, {1, columns}));
          const std::vector<float> filler(5 * columns);
          writer->write("/model/parameters/filler", Array::of(filler, {filler.size()}));
        }) == few);
}

TEST_CASE("origins and training rows of classes go through files, or are refused", "[flow]") {
  FlowSpec spec;
  spec.flow = "maf";
  spec.dimension = 2;
  spec.layers = 1;
  spec.hidden = 4;
  spec.depth = 1;
  spec.context = spec.classes = 3;
  spec.context_path = "/label";
  spec.class_rows = {5, 0, 7};
  Standardization standard;
  standard.shift = {1.7e9 + 0.25, 1};
  standard.scale = {1000, 2};
  standard.origin = {1.7e9, 0};
  const Flow flow(spec, standard, 1);
  CHECK(flow.origin() == standard.origin);
  const TemporaryFile file;
  {
    ContainerWriter writer(file.path, "model", {});
    write_flow(&writer, flow, {2}, ElementType::float64);
    writer.commit();
  }
  const std::unique_ptr<Flow> back = read_flow(ContainerReader(file.path));
  CHECK(back->standardization().shift == standard.shift);
  CHECK(back->origin() == standard.origin);
  CHECK(back->spec().class_rows == spec.class_rows);
  const auto columns = [](const std::string& path, std::size_t count) {
    return [=](ContainerWriter* writer) {
      writer->write(path, Array::of(std::vector<double>(count, 1), {count}));
    };
  };
  CHECK(complaint(spec, {"/model/class_rows"}, columns("/model/class_rows", 4)) ==
        "/model/class_rows has shape [4], this model needs [3]");
  CHECK(complaint(spec, {}, [&](ContainerWriter* writer) {
          columns("/model/preprocess/shift", 2)(writer);
          columns("/model/preprocess/scale", 2)(writer);
          columns("/model/preprocess/origin", 3)(writer);
        }) == "/model/preprocess/origin has shape [3], this model needs [2]");
  CHECK(complaint(spec, {"/model/class_rows"}, [](ContainerWriter*) {}) == "none");
}

TEST_CASE("a far Gaussian's density is the near one's, shifted in double", "[flow]") {
  FlowSpec spec;
  spec.flow = "realnvp";
  spec.dimension = 2;
  spec.layers = 2;
  spec.hidden = 8;
  Standardization near, far;
  near.shift = {3, -1};
  near.scale = far.scale = {1000, 2};
  far.shift = {1.7e9 + 3, -1};
  far.origin = {1.7e9, 0};
  const Flow a(spec, near, 5), b(spec, far, 5);
  Workers workers(1);
  const auto density = [&](const Flow& flow, const std::vector<float>& x) {
    RowEvaluator<float> evaluator(
        [&](Scope scope, Expr row) { return std::vector<Expr>{flow.log_density(scope, row)}; },
        flow.parameters(), 2, &workers);
    return evaluator.run(x.data(), x.size() / 2)[0];
  };
  const std::vector<double> rows = {1.7e9 + 1234.5, 2, 1.7e9 - 700.25, -3};
  const std::vector<float> less = less_origin<float>(Array::of(rows, {2, 2}), b.origin());
  CHECK(less == std::vector<float>{1234.5F, 2, -700.25F, -3});
  CHECK(density(b, less) == density(a, {1234.5F, 2, -700.25F, -3}));
}
