// Flows of images and their layers against independent truths: themselves in the other direction, a
// numeric Jacobian, differences of the loss, the file they were written to.
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "flow/draw.hpp"
#include "flow/image_coupling.hpp"
#include "flow/image_flow.hpp"
#include "flow/likelihood.hpp"
#include "flow/linear.hpp"
#include "flow/normalization.hpp"
#include "flow_checks.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

FlowSpec image_spec(const std::string& kind, int side, int channels, int scales, int context = 0) {
  FlowSpec spec;
  spec.flow = kind;
  spec.base = "normal";
  spec.dimension = side * side * channels;
  spec.image = {side, side, 6, scales, kind == "glow" ? 2 : 1};
  spec.context = spec.classes = context;
  if (context > 0) spec.context_path = "/label";
  return spec;
}

Flow shaken_flow(const FlowSpec& spec) {
  Flow flow(spec, {}, 1);
  shake(&flow.parameters(), 0.2);
  return flow;
}

std::vector<FlowSpec> specs() {
  std::vector<FlowSpec> all;
  for (const char* kind : {"glow", "realnvp", "nice"}) {
    all.push_back(image_spec(kind, 4, 3, 1));
    all.push_back(image_spec(kind, 4, 1, 2));
    all.push_back(image_spec(kind, 8, 1, 2, 3));
  }
  all.push_back(image_spec("realnvp", 8, 1, 3));
  all.push_back(image_spec("glow", 8, 1, 3));
  FlowSpec wide = image_spec("glow", 4, 1, 2);
  wide.image.width = 8;
  wide.dimension = 32;
  all.push_back(wide);
  return all;
}

std::string name_of(const FlowSpec& spec) {
  return spec.flow + " " + std::to_string(spec.image.height) + " x " +
         std::to_string(spec.image.width) + ", " + std::to_string(spec.dimension) +
         " numbers, context " + std::to_string(spec.context);
}

// Rows [x | one-hot], the labels in turn.
template <class T>
std::vector<T> conditional_rows(const FlowSpec& spec, std::size_t rows, double scale) {
  const std::size_t d = static_cast<std::size_t>(spec.dimension);
  const std::size_t c = static_cast<std::size_t>(spec.context);
  const std::vector<T> x = normals<T>(rows, spec.dimension, scale);
  std::vector<T> all;
  for (std::size_t r = 0; r < rows; ++r) {
    all.insert(all.end(), x.begin() + long(r * d), x.begin() + long((r + 1) * d));
    for (std::size_t k = 0; k < c; ++k) all.push_back(k == r % c ? T(1) : T(0));
  }
  return all;
}

constexpr std::size_t small_lane = 4;

std::vector<std::vector<double>> few_rows(const Flow& flow, const RowFunction& function,
                                          const std::vector<double>& rows) {
  return evaluate_rows(flow, function, rows, 1, small_lane);
}

RowFunction mapping(const Flow& flow, bool encodes) {
  return flow_function(flow, flow.dimension(), [&flow, encodes](Scope s, Expr x, Conditions c) {
    const Mapped m = encodes ? flow.encode(s, x, c) : flow.decode(s, x, c);
    return std::vector<Expr>{m.value, m.log_det};
  });
}

// One layer with parameters of its own, as functions of rows.
struct Layer {
  std::string name;
  std::unique_ptr<Bijector> map;
  int columns, context;
};

RowFunction mapping(const Layer& layer, bool encodes) {
  return [&layer, encodes](Scope scope, Expr row) {
    Conditions c;
    if (layer.context > 0) c.context = slice_columns(row, layer.columns, layer.context);
    const Expr x = slice_columns(row, 0, layer.columns);
    const Mapped m = encodes ? layer.map->encode(scope, x, c) : layer.map->decode(scope, x, c);
    return std::vector<Expr>{m.value, m.log_det};
  };
}

std::vector<Layer> single_layers() {
  const ImageShape shape{2, 4, 4};
  const int all = shape.numbers() + 5;  // five that are noise already
  std::vector<Layer> layers;
  const auto add = [&](const std::string& name, std::unique_ptr<Bijector> map, int context = 0) {
    layers.push_back({name, std::move(map), all, context});
  };
  add("channels last", channels_last(shape));
  add("squeeze", squeezing(shape));
  add("norm", pixelwise(shape, activation_norm()));
  FlowSpec spec = image_spec("glow", 4, 1, 1);
  spec.orders = {{1, 0}};
  add("1x1 convolution", pixelwise(shape, lu_linear(spec, 0, LinearStart::rotation)));
  add("factor out", factoring_out(shape, SplitPrior::standard));
  add("factor out, learned", factoring_out(shape, SplitPrior::learned));
  for (const KeptPart kept : {KeptPart::even_pixels, KeptPart::odd_pixels, KeptPart::first_channels,
                              KeptPart::second_channels})
    for (const CouplingKind kind : {CouplingKind::additive, CouplingKind::affine})
      for (const int blocks : {0, 1})
        for (const int context : {0, 2})
          add("coupling " + std::to_string(int(kept)) + std::to_string(int(kind)) +
                  std::to_string(blocks) + " context " + std::to_string(context),
              image_coupling(shape, kept, kind, {blocks, 5}), context);
  return layers;
}

}  // namespace

TEST_CASE("every layer of images is inverted, and has its Jacobian's determinant", "[image-flow]") {
  for (const Layer& layer : single_layers()) {
    INFO(layer.name);
    const int columns = layer.columns + layer.context;
    const std::size_t d = static_cast<std::size_t>(layer.columns), n = 3;
    ParameterTable table;
    {
      Graph graph;
      Binding binding(&graph, &table, 1);
      (void)mapping(layer, true)(Scope(&binding), graph.input("x", 1, columns));
    }
    shake(&table, 0.4);
    const std::vector<double> rows = normals<double>(n, columns, 1.5);
    const auto z = evaluate_rows(mapping(layer, true), table, columns, rows, 1, small_lane);
    std::vector<double> back_rows = rows;
    for (std::size_t r = 0; r < n; ++r)
      std::copy_n(z[0].begin() + long(r * d), d, back_rows.begin() + long(r) * columns);
    const auto x = evaluate_rows(mapping(layer, false), table, columns, back_rows, 1, small_lane);
    for (std::size_t r = 0; r < n; ++r) {
      for (std::size_t j = 0; j < d; ++j)
        CHECK(x[0][r * d + j] ==
              Approx(rows[r * std::size_t(columns) + j]).epsilon(1e-12).margin(1e-12));
      CHECK(z[1][r] + x[1][r] == Approx(0).margin(1e-11));
      const std::vector<double> row(rows.begin() + long(r) * columns,
                                    rows.begin() + long(r + 1) * columns);
      CHECK(z[1][r] ==
            Approx(numeric_log_det(mapping(layer, true), table, row)).epsilon(1e-8).margin(1e-8));
    }
  }
}

TEST_CASE("image flows are inverted, and have their Jacobian's determinant", "[image-flow]") {
  for (const FlowSpec& spec : specs()) {
    INFO(name_of(spec));
    const Flow flow = shaken_flow(spec);
    const std::size_t d = std::size_t(spec.dimension), all = d + std::size_t(spec.context), n = 3;
    const std::vector<double> rows = conditional_rows<double>(spec, n, 1.2);
    const auto z = few_rows(flow, mapping(flow, true), rows);
    std::vector<double> back_rows = rows;
    for (std::size_t r = 0; r < n; ++r)
      std::copy_n(z[0].begin() + long(r * d), d, back_rows.begin() + long(r * all));
    const auto x = few_rows(flow, mapping(flow, false), back_rows);
    for (std::size_t r = 0; r < n; ++r) {
      for (std::size_t j = 0; j < d; ++j)
        CHECK(x[0][r * d + j] == Approx(rows[r * all + j]).epsilon(1e-10).margin(1e-10));
      CHECK(z[1][r] + x[1][r] == Approx(0).margin(1e-10));
    }
    const std::vector<double> row(rows.begin(), rows.begin() + long(all));
    CHECK(z[1][0] == Approx(numeric_log_det(mapping(flow, true), flow.parameters(), row))
                         .epsilon(1e-8)
                         .margin(1e-8));
  }
}

TEST_CASE("the gradient of an image flow's loss is that of differences", "[image-flow]") {
  for (const FlowSpec& spec : specs()) {
    INFO(name_of(spec));
    Flow flow = shaken_flow(spec);
    const int n = 3;
    const std::vector<double> rows = conditional_rows<double>(spec, n, 1.2);
    const NegativeLogLikelihood objective(&flow);
    std::vector<double> gradients(flow.parameters().size()), direction(gradients.size());
    const auto loss_of = [&](const std::vector<double>& parameters, bool with_gradient) {
      Graph graph;
      Binding binding(&graph, &flow.parameters());
      const Expr x = graph.input("x", n, spec.dimension + spec.context);
      const Expr loss = sum(objective.loss(Scope(&binding), {x, {}, {}, {}, {}, true}));
      std::vector<Expr> outputs = {loss};
      if (with_gradient)
        for (const Expr g : gradient(loss, binding.expressions())) outputs.push_back(g);
      Evaluator<double> evaluator({x}, binding.expressions(), outputs, 1);
      evaluator.set_parameters(parameters);
      double value = 0;
      std::vector<double*> results = {&value};
      if (with_gradient)
        for (const Parameter& p : flow.parameters().list())
          results.push_back(gradients.data() + p.offset);
      evaluator.run(0, {rows.data()}, results);
      return value;
    };
    const std::vector<double> at = flow.parameters().values;
    (void)loss_of(at, true);
    for (std::uint64_t k = 0; k < 3; ++k) {
      Random(20 + k, Stream::evaluation).fill_normal(direction.data(), 1, direction.size(), 0);
      double expected = 0, differences = 0;
      for (std::size_t i = 0; i < at.size(); ++i) expected += gradients[i] * direction[i];
      const double h = 1e-7;  // below the distance of kinks
      for (const double step : {-2.0, -1.0, 1.0, 2.0}) {
        std::vector<double> moved = at;
        for (std::size_t i = 0; i < at.size(); ++i) moved[i] += step * h * direction[i];
        const double share = std::abs(step) == 1 ? 8 * step : -step / 2;
        differences += share * loss_of(moved, false) / (12 * h);
      }
      CHECK(differences == Approx(expected).epsilon(1e-5));
    }
  }
}

TEST_CASE("an image's density depends on that image alone", "[image-flow]") {
  for (const char* kind : {"glow", "realnvp", "nice"}) {
    INFO(kind);
    FlowSpec spec = image_spec(kind, 16, 1, 2, 3);
    spec.image.channels = spec.flow == "glow" ? 120 : 32;  // lanes of few images
    const Flow flow = shaken_flow(spec);
    const std::size_t rows = 60, columns = std::size_t(spec.dimension + spec.context);
    REQUIRE(flow.lane_rows(256) < rows);
    const RowFunction log_density = [&](Scope scope, Expr x) {
      return std::vector<Expr>{flow.log_density(scope, x)};
    };
    const std::vector<float> x = conditional_rows<float>(spec, rows, 1.2);
    const std::vector<float> all = evaluate_rows(flow, log_density, x)[0];
    CHECK(evaluate_rows(flow, log_density, x, 2)[0] == all);
    for (const std::size_t r : {0UL, 33UL, 59UL}) {
      const std::vector<float> one(x.begin() + long(columns * r),
                                   x.begin() + long(columns * (r + 1)));
      CHECK(evaluate_rows(flow, log_density, one)[0][0] == all[r]);
    }
  }
}

TEST_CASE("a drawn image's density is the density of the image", "[image-flow]") {
  for (const FlowSpec& spec : specs()) {
    if (spec.context > 0) continue;
    INFO(name_of(spec));
    const Flow flow = shaken_flow(spec);
    Workers workers(1);
    const auto rows = FlowSampler<double>(flow, 1, &workers).draw(5, 5, 0, {});
    const auto log_p = few_rows(flow, density(flow), rows.x);
    for (std::size_t r = 0; r < 5; ++r)
      CHECK(rows.log_density[r] == Approx(log_p[0][r]).epsilon(1e-8).margin(1e-8));
  }
}

TEST_CASE("an image flow sees the label", "[image-flow]") {
  for (const char* kind : {"glow", "realnvp", "nice"}) {
    const FlowSpec spec = image_spec(kind, 8, 1, 2, 3);
    const Flow flow = shaken_flow(spec);
    std::vector<double> rows = conditional_rows<double>(spec, 1, 1);
    const auto of_first = few_rows(flow, mapping(flow, true), rows);
    std::swap(rows[64], rows[65]);
    CHECK(few_rows(flow, mapping(flow, true), rows)[0] != of_first[0]);
  }
}

TEST_CASE("activation normalisation of images starts from statistics a channel", "[image-flow]") {
  const ImageShape shape{3, 2, 2};
  const auto norm = pixelwise(shape, activation_norm());
  REQUIRE(norm->statistics() == RowStatistics::at_start);
  ParameterTable table;
  table.add("norm/shift", 1, 3, Initializer::zeros(), 0);
  table.add("norm/log_scale", 1, 3, Initializer::zeros(), 0);
  // Two rows of pixels whose channel k is (k + 1) (row + pixel): mean 2 (k + 1), variance that of
  // 0, 1, 1, 2, 2, 3, 3, 4.
  std::vector<double> rows;
  for (int row = 0; row < 2; ++row)
    for (int pixel = 0; pixel < 4; ++pixel)
      for (int k = 0; k < 3; ++k) rows.push_back((k + 1.0) * (row + pixel));
  const ColumnMoments m = column_moments(rows, 12);
  norm->set_statistics("norm", m.mean, m.variance, &table);
  for (int k = 0; k < 3; ++k) {
    CHECK(table.values[std::size_t(k)] == Approx(2.0 * (k + 1)));
    CHECK(std::exp(2 * table.values[std::size_t(3 + k)]) ==
          Approx(1.5 * (k + 1) * (k + 1)).epsilon(1e-4));
  }
}

TEST_CASE("a flow of images is the same after a file", "[image-flow]") {
  for (const FlowSpec& spec : specs()) {
    INFO(name_of(spec));
    const Flow flow = shaken_flow(spec);
    const TemporaryFile file;
    const Shape row = {std::size_t(spec.dimension) / 4, 4};
    ContainerWriter writer(file.path, "model", {});
    write_flow(&writer, flow, row, ElementType::float64);
    writer.commit();
    const std::unique_ptr<Flow> back = read_flow(ContainerReader(file.path));
    CHECK(back->parameters().values == flow.parameters().values);
    const std::vector<double> rows = conditional_rows<double>(spec, 2, 1);
    CHECK(few_rows(*back, mapping(*back, true), rows) == few_rows(flow, mapping(flow, true), rows));
  }
}

TEST_CASE("damaged descriptions of image flows are refused", "[image-flow]") {
  const auto complaint = [](const char* kind, const char* attribute, std::int64_t value) {
    const Flow flow = shaken_flow(image_spec(kind, 8, 1, 2));
    const TemporaryFile file;
    ContainerWriter writer(file.path, "model", {});
    write_flow(&writer, flow, {8, 8}, ElementType::float64);
    writer.set_integer("/model", attribute, value);
    writer.commit();
    try {
      (void)read_flow(ContainerReader(file.path));
    } catch (const Error& error) {
      CHECK(error.exit_status() == 1);
      return std::string(error.what());
    }
    return std::string("none");
  };
  for (const char* kind : {"glow", "realnvp"})
    for (const char* attribute : {"image_height", "image_width", "channels", "scales", "blocks"})
      for (const std::int64_t value : {0, 3, 9, 100000}) {
        INFO(kind << " " << attribute << " " << value);
        CHECK(complaint(kind, attribute, value) != "none");
      }
  CHECK(complaint("glow", "scales", 2) == "none");
}

TEST_CASE("sides that do not halve are refused with what would be right", "[image-flow]") {
  const auto misfit = [](const char* kind, int height, int width, int scales) {
    FlowSpec spec = image_spec(kind, 4, 1, scales);
    spec.image.height = height;
    spec.image.width = width;
    return image_misfit(spec);
  };
  for (const char* kind : {"glow", "realnvp", "nice"}) CHECK(misfit(kind, 28, 28, 2).empty());
  CHECK(misfit("realnvp", 28, 28, 3).empty());
  CHECK(misfit("realnvp", 7, 9, 1).empty());
  CHECK(misfit("glow", 28, 28, 3) ==
        "images of 28 x 28 pixels are to be halved 3 times by --scales 3 of --flow glow: their "
        "sides allow --scales 2 at most");
  CHECK(misfit("realnvp", 14, 28, 3) ==
        "images of 14 x 28 pixels are to be halved 2 times by --scales 3 of --flow realnvp: their "
        "sides allow --scales 2 at most");
  CHECK(misfit("glow", 8, 7, 1) ==
        "images of 8 x 7 pixels are to be halved once by --scales 1 of --flow glow: their sides "
        "must be even");
}

TEST_CASE("which sides a kind's images may have follows from its row", "[image_flow]") {
  for (const FlowKind& kind : flow_kinds()) {
    if (kind.images.layers == nullptr) continue;
    INFO(kind.name);
    FlowSpec spec;
    spec.flow = kind.name;
    spec.dimension = 3 * 5;
    spec.image.height = 3;
    spec.image.width = 5;
    spec.image.scales = 1;
    CHECK(image_misfit(spec).empty() == (kind.images.halving == Halving::between_scales));
  }
}
