// Files of Inception weights: every form that is read, every fault that is named.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <numeric>

#include "base/error.hpp"
#include "eval/inception_formula.hpp"
#include "eval/inception_weights.hpp"
#include "io/container.hpp"
#include "io/npz.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

// A tensor of a file; its numbers are left out where they are all 0.
struct Tensor {
  std::string name;
  Shape shape;
  std::vector<float> values;
};

using Tensors = std::vector<Tensor>;

Tensors tensors_of(const InceptionWeights& weights, bool wrapped, bool counts) {
  Tensors all;
  for (std::size_t i = 0; i < inception_convolutions().size(); ++i) {
    const InceptionConvolution& c = inception_convolutions()[i];
    const ConvolutionWeights& w = weights.convolutions[i];
    const std::string name = wrapped ? c.wrapper_name : c.name;
    all.push_back({name + ".conv.weight",
                   {c.out_channels, c.channels, c.kernel_height, c.kernel_width},
                   w.weight});
    all.push_back({name + ".bn.weight", {c.out_channels}, w.scale});
    all.push_back({name + ".bn.bias", {c.out_channels}, w.shift});
    all.push_back({name + ".bn.running_mean", {c.out_channels}, w.mean});
    all.push_back({name + ".bn.running_var", {c.out_channels}, w.variance});
    if (counts) all.push_back({name + ".bn.num_batches_tracked", {}, {}});
  }
  if (!wrapped) {
    all.push_back({"fc.weight", {inception_classes, inception_features}, weights.class_weight});
    all.push_back({"fc.bias", {inception_classes}, weights.class_bias});
  }
  return all;
}

Array array_of(const Tensor& one) {
  Array array = Array::make(ElementType::float32, one.shape);
  std::copy(one.values.begin(), one.values.end(), array.data<float>());
  return array;
}

void write_safetensors(const std::string& file, const Tensors& tensors) {
  std::string header;
  std::size_t at = 0;
  for (const Tensor& one : tensors) {
    std::string shape;
    for (const std::size_t n : one.shape) shape += (shape.empty() ? "" : ",") + std::to_string(n);
    const std::size_t end = at + 4 * product(one.shape);
    header += (header.empty() ? "{\"" : ",\"") + one.name + "\":{\"dtype\":\"F32\",\"shape\":[" +
              shape + "],\"data_offsets\":[" + std::to_string(at) + "," + std::to_string(end) +
              "]}";
    at = end;
  }
  header += "}";
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  for (std::size_t i = 0; i < 8; ++i) out.put(static_cast<char>(header.size() >> (8 * i) & 0xff));
  out << header;
  const auto begin = out.tellp();
  at = 0;
  for (const Tensor& one : tensors) {
    out.seekp(begin + static_cast<std::streamoff>(at));
    out.write(reinterpret_cast<const char*>(one.values.data()),
              static_cast<std::streamsize>(4 * one.values.size()));
    at += 4 * product(one.shape);
  }
  out.close();
  std::filesystem::resize_file(file, static_cast<std::uintmax_t>(begin) + at);
}

bool equal(const InceptionWeights& a, const InceptionWeights& b) {
  return std::equal(a.convolutions.begin(), a.convolutions.end(), b.convolutions.begin(),
                    b.convolutions.end(),
                    [](const ConvolutionWeights& x, const ConvolutionWeights& y) {
                      return x.weight == y.weight && x.scale == y.scale && x.shift == y.shift &&
                             x.mean == y.mean && x.variance == y.variance;
                    });
}

// Of tensors without numbers: all 0, a hole in the file.
std::string fault_of(const std::function<void(Tensors*)>& change,
                     InceptionClasses classes = InceptionClasses::weight_and_bias,
                     bool wrapped = false) {
  InceptionWeights zeros;
  zeros.convolutions.resize(inception_convolutions().size());
  Tensors tensors = tensors_of(zeros, wrapped, true);
  change(&tensors);
  const TemporaryFile file;
  write_safetensors(file.path, tensors);
  try {
    (void)read_inception_weights(file.path, classes);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::invalid);
    const std::string text = error.what();
    REQUIRE(text.compare(0, file.path.size() + 2, file.path + ": ") == 0);
    CHECK(text.find('\n') == std::string::npos);
    return text.substr(file.path.size() + 2);
  }
  return "";
}

Tensor& named(Tensors* tensors, const std::string& name) {
  const auto found = std::find_if(tensors->begin(), tensors->end(),
                                  [&](const Tensor& one) { return one.name == name; });
  REQUIRE(found != tensors->end());
  return *found;
}

void remove(Tensors* tensors, const std::string& name) {
  tensors->erase(tensors->begin() + (&named(tensors, name) - tensors->data()));
}

}  // namespace

TEST_CASE("the table of layers is the published network's", "[inception]") {
  CHECK(inception_convolutions().size() == 94);
  std::size_t numbers = inception_classes * (inception_features + 1);
  for (const InceptionConvolution& c : inception_convolutions())
    numbers += c.out_channels * (c.channels * c.kernel_height * c.kernel_width + 4);
  CHECK(numbers == 23885392);
  CHECK(inception_convolutions().front().wrapper_name == "blocks.0.0");
  CHECK(inception_convolutions()[26].name == "Mixed_6a.branch3x3");
  CHECK(inception_convolutions()[26].wrapper_name == "blocks.2.3.branch3x3");
  CHECK(inception_convolutions().back().name == "Mixed_7c.branch_pool");
  CHECK(inception_convolutions().back().wrapper_name == "blocks.3.2.branch_pool");
  CHECK(inception_convolutions().back().channels == 2048);
}

TEST_CASE("weights come out of every kind of file as they went in", "[inception]") {
  const InceptionWeights weights = formula_weights();
  const TemporaryFile file;
  const auto check = [&](InceptionClasses classes) {
    const InceptionWeights read = read_inception_weights(file.path, classes);
    CHECK(equal(read, weights));
    if (classes == InceptionClasses::none) return;
    CHECK(read.class_weight == weights.class_weight);
    CHECK(read.class_bias == weights.class_bias);
  };
  write_safetensors(file.path, tensors_of(weights, false, true));
  check(InceptionClasses::weight_and_bias);
  write_safetensors(file.path, tensors_of(weights, true, false));
  check(InceptionClasses::none);
  {
    std::vector<NamedArray> arrays;
    for (const Tensor& one : tensors_of(weights, false, false))
      arrays.push_back({"/" + one.name, array_of(one), {}});
    write_npz(file.path, arrays);
  }
  check(InceptionClasses::weight_and_bias);
  // As tensor-import writes them, and as nested groups.
  for (const bool nested : {false, true}) {
    INFO(nested);
    ContainerWriter writer(file.path, "tensors", {});
    for (const Tensor& one : tensors_of(weights, false, nested)) {
      std::string path = "/" + one.name;
      if (nested) std::replace(path.begin(), path.end(), '.', '/');
      writer.write(path, array_of(one));
    }
    writer.commit();
    check(InceptionClasses::weight_and_bias);
  }
}

TEST_CASE("a fault in a file of weights is named in one line", "[inception]") {
  const auto nothing = [](Tensors*) {};
  CHECK(fault_of(nothing).empty());
  CHECK(fault_of(nothing, InceptionClasses::none, true).empty());

  const auto without = [](const std::string& name) {
    return [name](Tensors* all) { remove(all, name); };
  };
  CHECK(
      fault_of(without("Mixed_6e.branch7x7_2.bn.bias")) ==
      "Mixed_6e.branch7x7_2.bn.bias is missing; this is not a file of the FID Inception network's "
      "weights");
  CHECK(fault_of(without("blocks.2.7.branch7x7_2.bn.bias"), InceptionClasses::none, true) ==
        "blocks.2.7.branch7x7_2.bn.bias is missing; this is not a file of the FID Inception "
        "network's "
        "weights");
  CHECK(
      fault_of([](Tensors* all) { all->resize(6); }, InceptionClasses::none) ==
      "Conv2d_2a_3x3.conv.weight is missing, and 464 more; this is not a file of the FID Inception "
      "network's weights");
  CHECK(fault_of(without("Conv2d_1a_3x3.bn.num_batches_tracked")).empty());
  CHECK(fault_of(without("fc.weight"), InceptionClasses::none).empty());
  CHECK(fault_of(without("fc.bias"), InceptionClasses::weight).empty());
  CHECK(fault_of(without("fc.weight"), InceptionClasses::weight) ==
        "fc.weight is missing; the inception score needs it");
  CHECK(fault_of(without("fc.bias")) == "fc.bias is missing; the inception score needs it");

  CHECK(fault_of([](Tensors* all) {
          all->push_back({"AuxLogits.conv0.conv.weight", {128, 768, 1, 1}, {}});
        }) == "AuxLogits.conv0.conv.weight is no tensor of the FID Inception network");
  CHECK(fault_of([](Tensors* all) {
          all->push_back({"blocks.0.0.bn.bias", {32}, {}});
        }) == "holds Conv2d_1a_3x3.bn.bias twice");

  CHECK(fault_of([](Tensors* all) {
          named(all, "fc.weight").shape = {1000, 2048};
        }) == "fc.weight has shape [1000, 2048], it should be [1008, 2048]");
  CHECK(fault_of([](Tensors* all) {
          named(all, "Mixed_6b.branch7x7_2.conv.weight").shape = {128, 128, 7, 1};
        }) ==
        "Mixed_6b.branch7x7_2.conv.weight has shape [128, 128, 7, 1], it should be [128, "
        "128, 1, 7]");
  CHECK(fault_of([](Tensors* all) {
          named(all, "Conv2d_1a_3x3.bn.num_batches_tracked").shape = {2};
        }) == "Conv2d_1a_3x3.bn.num_batches_tracked has shape [2], it should be []");

  for (const float bad : {NAN, INFINITY})
    CHECK(fault_of([bad](Tensors* all) {
            named(all, "Mixed_5b.branch1x1.conv.weight").values = {0, bad};
          }) == "Mixed_5b.branch1x1.conv.weight holds numbers that are not finite");
  CHECK(fault_of([](Tensors* all) {
          named(all, "Mixed_5b.branch1x1.bn.running_var").values = {0, -1e-3f};
        }) == "Mixed_5b.branch1x1.bn.running_var is negative somewhere, a variance is not");
}

TEST_CASE("what is not a file of weights is refused", "[inception]") {
  const TemporaryFile file;
  std::ofstream(file.path) << "1,2\n";
  CHECK_THROWS_WITH(
      read_inception_weights(file.path, InceptionClasses::none),
      file.path +
          ": is not a file of weights; HDF5, safetensors, NPZ and checkpoints of PyTorch are read");
  std::ofstream(file.path, std::ios::trunc).close();
  CHECK_THROWS_AS(read_inception_weights(file.path, InceptionClasses::none), Error);
  CHECK_THROWS_AS(read_inception_weights(file.path + ".absent", InceptionClasses::none), Error);
}
