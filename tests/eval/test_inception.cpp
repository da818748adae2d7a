// The FID Inception network against torch, and against itself.
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "base/lanes.hpp"
#include "eval/frechet.hpp"
#include "eval/inception.hpp"
#include "eval/inception_formula.hpp"
#include "graph/bf16.hpp"
#include "io/npz.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

const InceptionWeights& weights() {
  static const InceptionWeights made = formula_weights();
  return made;
}

std::vector<InceptionOutput> every_output() {
  std::vector<InceptionOutput> all;
  for (const Named<InceptionOutput>& one : inception_outputs()) all.push_back(one.value);
  return all;
}

const Inception& network() {
  static const Inception made(weights(), {every_output(), 3, InceptionArithmetic::exact});
  return made;
}

// [pictures, width] of each output.
using Features = std::map<InceptionOutput, std::vector<double>>;

Features features_of(const Inception& inception, const std::vector<float>& pictures) {
  const std::size_t count = pictures.size() / (inception_side * inception_side * 3);
  Features all;
  std::vector<double*> places;
  for (const InceptionOutput one : inception.settings().outputs) {
    all[one].resize(count * inception_width(one));
    places.push_back(all[one].data());
  }
  Inception::Workspace workspace = inception.make_workspace();
  inception.run(pictures.data(), count, &workspace, places.data());
  return all;
}

constexpr std::size_t compared_pictures = 4;

const Features& compared() {
  static const Features made = features_of(network(), formula_pictures(0, compared_pictures));
  return made;
}

// The largest difference, relative to the largest number.
double distance(const double* a, const double* b, std::size_t count) {
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    worst = std::max(worst, std::abs(a[i] - b[i]));
    largest = std::max(largest, std::abs(b[i]));
  }
  return worst / largest;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  return distance(a.data(), b.data(), std::min(a.size(), b.size()));
}

double frechet_of(const std::vector<double>& both, std::size_t columns) {
  const std::size_t rows = both.size() / columns / 2;
  Workers workers(1);
  std::array<Matrix<double>, 2> sets;
  std::vector<Statistics> statistics;
  for (std::size_t s = 0; s < 2; ++s) {
    sets[s] = Matrix<double>::from_shape({rows, columns});
    std::copy_n(both.data() + s * rows * columns, rows * columns, sets[s].data());
    statistics.emplace_back(columns);
    statistics.back().add(sets[s].data(), rows, workers);
  }
  return frechet_distance({&statistics[0], &sets[0]}, {&statistics[1], &sets[1]});
}

// The reference's numbers by run and layer ("float64.64"), or nothing where there is no torch.
const std::map<std::string, std::vector<double>>& reference() {
  static const auto made = [] {
    std::map<std::string, std::vector<double>> numbers;
    const TemporaryFile file;
    const std::string archive = file.path + ".npz";
    const std::string script = PUSHFORWARD_EVAL_TESTS "/inception_reference.py";
    for (const char* python : {"/usr/bin/python3", "python3"}) {
      if (std::system((std::string(python) + " -c 'import torch' 2>/dev/null").c_str()) != 0)
        continue;
      const std::string command = std::string(python) + " -B '" + script + "' '" + archive + "' " +
                                  std::to_string(compared_pictures);
      REQUIRE(std::system(command.c_str()) == 0);
      for (const NamedArray& one : read_npz(InputFile(archive)))
        numbers[one.path.substr(1)] = one.array.to<double>();
      std::filesystem::remove(archive);
      break;
    }
    if (numbers.empty()) WARN("no python3 with torch here: the reference is left out");
    return numbers;
  }();
  return made;
}

// What the reference gives in float64, eight of the numbers of picture 0 at equal distances.
const std::map<InceptionOutput, std::array<double, 8>> stored = {
    {InceptionOutput::pool64,
     {0.728471803, 0.538687821, 1.65850877, 0.311996022, 2.21804697, 0.814743191, 0.422605792,
      0.870002111}},
    {InceptionOutput::pool192,
     {0.123111895, 2.03312524, 0.102387016, 0.801153068, 0, 4.02659222, 4.08286557, 1.63421988}},
    {InceptionOutput::pool768,
     {0.118693704, 0, 1.91435926, 1.70598823, 1.21911498, 0.019292413, 0.719930571, 1.69121308}},
    {InceptionOutput::pool2048,
     {0.278851928, 0, 8.91663886, 2.97497323, 0.0571141129, 0.85439539, 0.123536329, 0.282429631}},
    {InceptionOutput::logits_unbiased,
     {-0.659919687, -1.71970451, 3.516793, 2.15080075, 2.41273901, 1.11621085, 1.31812585,
      -9.30474637}},
    {InceptionOutput::logits,
     {-0.503629156, -1.33501655, 3.73215591, 2.0076658, 2.50666269, 0.977506613, 1.14188594,
      -9.7688273}}};

}  // namespace

TEST_CASE("features are those of the reference that are stored here", "[inception]") {
  for (const auto& [output, expected] : stored) {
    const std::size_t step = inception_width(output) / 8;
    for (std::size_t i = 0; i < 8; ++i) {
      INFO(name_of(inception_outputs(), output) << " " << i * step);
      CHECK(compared().at(output)[i * step] == Approx(expected[i]).epsilon(1e-4).margin(1e-5));
    }
  }
}

TEST_CASE("every number of every layer is the reference's", "[inception]") {
  if (reference().empty()) return;
  for (const auto& [output, values] : compared()) {
    const std::string layer = name_of(inception_outputs(), output);
    INFO(layer);
    CHECK(reference().at("float64." + layer).size() == values.size());
    CHECK(distance(values, reference().at("float64." + layer)) < 1e-5);
    CHECK(distance(values, reference().at("float32." + layer)) < 1e-5);
    CHECK(frechet_of(values, inception_width(output)) ==
          Approx(frechet_of(reference().at("float64." + layer), inception_width(output)))
              .epsilon(0)
              .margin(1e-3));
  }
}

TEST_CASE("a mistake is seen", "[inception]") {
  const auto seen = [](const std::vector<double>& features) {
    return distance(features, compared().at(InceptionOutput::pool2048)) > 1e-3;
  };
  const InceptionSettings settings{{InceptionOutput::pool2048}, 1, InceptionArithmetic::exact};
  std::vector<float> picture = formula_picture(0);
  // An epsilon of 1e-5 in the normalisation, in place of 1e-3.
  InceptionWeights other = weights();
  for (ConvolutionWeights& one : other.convolutions)
    for (float& variance : one.variance) variance -= 0.00099f;
  CHECK(seen(features_of(Inception(other, settings), picture).at(InceptionOutput::pool2048)));
  // Blue, green, red.
  for (std::size_t i = 0; i < picture.size(); i += 3) std::swap(picture[i], picture[i + 2]);
  CHECK(seen(features_of(Inception(weights(), settings), picture).at(InceptionOutput::pool2048)));
  if (reference().empty()) return;
  for (const char* mistake : {"padded-mean", "mean-in-7c"}) {
    INFO(mistake);
    CHECK(seen(reference().at(std::string(mistake) + ".2048")));
  }
}

TEST_CASE("a picture's bits depend on no other picture and on no thread", "[inception]") {
  const std::vector<float> pictures = formula_pictures(0, compared_pictures);
  const std::size_t size = inception_side * inception_side * 3;
  // Threads and pictures one by one.
  const Features one_by_one = [&] {
    Features all;
    for (const InceptionOutput output : every_output())
      all[output].resize(compared_pictures * inception_width(output));
    Workers workers(2);
    std::vector<Inception::Workspace> workspaces(2, network().make_workspace());
    workers.run(compared_pictures, [&](std::size_t lane, int worker) {
      std::vector<double*> places;
      for (const InceptionOutput output : every_output())
        places.push_back(all[output].data() + lane * inception_width(output));
      network().run(pictures.data() + lane * size, 1, &workspaces[static_cast<std::size_t>(worker)],
                    places.data());
    });
    return all;
  }();
  CHECK(one_by_one == compared());
  // Other numbers of pictures side by side, layers of one's own, and other company.
  std::vector<float> company = formula_pictures(3, 5);
  std::copy_n(pictures.data(), size, company.data() + 4 * size);
  const Inception wide(weights(), {{InceptionOutput::pool2048}, 16, InceptionArithmetic::exact});
  const std::vector<double> there = features_of(wide, company).at(InceptionOutput::pool2048);
  CHECK(std::equal(there.begin() + 4 * 2048, there.end(),
                   compared().at(InceptionOutput::pool2048).begin()));
}

TEST_CASE("layers above the deepest are neither made nor needed", "[inception]") {
  InceptionWeights lower = weights();
  for (std::size_t i = 5; i < lower.convolutions.size(); ++i) lower.convolutions[i] = {};
  lower.class_weight.clear();
  const Inception two(
      lower, {{InceptionOutput::pool192, InceptionOutput::pool64}, 2, InceptionArithmetic::exact});
  const Features features = features_of(two, formula_pictures(0, compared_pictures));
  CHECK(features.at(InceptionOutput::pool64) == compared().at(InceptionOutput::pool64));
  CHECK(features.at(InceptionOutput::pool192) == compared().at(InceptionOutput::pool192));
}

TEST_CASE("logits differ by the bias", "[inception]") {
  const auto& biased = compared().at(InceptionOutput::logits);
  const auto& unbiased = compared().at(InceptionOutput::logits_unbiased);
  for (std::size_t i = 0; i < inception_classes; ++i)
    CHECK(biased[i] - unbiased[i] == Approx(weights().class_bias[i]).margin(1e-5));
}

TEST_CASE("oneDNN's convolutions give the same features", "[inception]") {
  // Two calls, the second of one picture: groups that are not full.
  const Inception by_onednn(weights(), {every_output(), 2, InceptionArithmetic::float_onednn});
  const Features features = features_of(by_onednn, formula_pictures(0, 3));
  for (const auto& [output, values] : features) {
    INFO(name_of(inception_outputs(), output));
    CHECK(distance(values, compared().at(output)) < 1e-5);
  }
  const std::vector<float> last = formula_pictures(2, 1);
  const Features alone = features_of(by_onednn, last);
  const auto& together = features.at(InceptionOutput::pool2048);
  CHECK(std::equal(together.begin() + 2 * 2048, together.end(),
                   alone.at(InceptionOutput::pool2048).begin()));
}

TEST_CASE("features of products in bfloat16 are near", "[inception]") {
  const Inception rounded(weights(), {every_output(), 2, InceptionArithmetic::bf16_rounded});
  const Features near = features_of(rounded, formula_pictures(0, 1));
  for (const auto& [output, values] : near) {
    INFO(name_of(inception_outputs(), output));
    const double away = distance(values, compared().at(output));
    CHECK(away < 2e-2);
    CHECK(away > 1e-5);
  }
  if (bf16_products() != Bf16Products::amx) return;
  const Inception by_amx(weights(), {every_output(), 2, InceptionArithmetic::bf16_onednn});
  for (const auto& [output, values] : features_of(by_amx, formula_pictures(0, 1)))
    CHECK(distance(values, near.at(output)) < 5e-3);
}
