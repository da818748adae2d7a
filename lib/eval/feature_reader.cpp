#include "eval/feature_reader.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "eval/model_features.hpp"
#include "eval/picture_features.hpp"
#include "io/import.hpp"
#include "io/zip.hpp"

namespace pushforward {
namespace {

bool is_folder(const std::string& location) {
  std::error_code error;
  return location != "-" && std::filesystem::is_directory(location, error);
}

// The first bytes of a file; empty for a pipe and for what cannot be read.
std::string head_of(const std::string& file) {
  std::error_code error;
  if (file == "-" || !std::filesystem::is_regular_file(file, error)) return "";
  return InputFile(file).bytes(0, 16);
}

// The rows of a container, or of a NumPy file.
ContainerReader open_rows(const std::string& location, bool numpy) {
  return numpy ? numpy_rows(Location::parse(location)) : ContainerReader(location);
}

ModelFeatureSettings model_settings(const FeatureChoice& choice) {
  ModelFeatureSettings settings;
  settings.level = choice.sigma;
  if (choice.layer.empty()) return settings;
  const bool digits = std::all_of(choice.layer.begin(), choice.layer.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || choice.layer.size() > 4 || choice.layer == "0")
    fail_usage("option " + setting("layer") + ": '" + choice.layer +
               "' is not the number of a model's hidden layer, 1 or more");
  settings.layer = std::stoi(choice.layer);
  return settings;
}

}  // namespace

FeatureReader::FeatureReader(FeatureChoice choice, bool logits, Workers* workers)
    : choice_(std::move(choice)), workers_(workers) {
  if (choice_.features == "inception") {
    InceptionFeatureSettings settings;
    settings.weights = choice_.weights;
    settings.layer = choice_.layer;
    settings.resize = value_named(resize_names(), choice_.resize, "resize", setting("resize"));
    settings.logits = logits;
    settings.products = choice_.products;
    inception_ = std::make_unique<InceptionFeatures>(settings, workers);
  }
  if (!choice_.range.empty()) range_ = PixelRange{choice_.range[0], choice_.range[1]};
  if (choice_.features == "model")
    model_ = std::make_unique<ModelFeatures>(choice_.weights, model_settings(choice_), workers);
}

FeatureReader::~FeatureReader() = default;

OpenSet FeatureReader::open(const std::string& location) const {
  OpenSet set;
  if (is_folder(location)) {
    if (model_ != nullptr)
      fail_invalid(location +
                   ": is a folder; make a tensor container of its pictures with "
                   "tensor-import, a model takes rows");
    set.source = inception_ != nullptr ? inception_->of(PictureSource(location, range_))
                                       : pixel_features(location, workers_);
    return set;
  }
  const Location where = Location::parse(location);
  const std::string head = head_of(where.file);
  if (is_zip(head) && !where.dataset_named && holds_statistics(InputFile(where.file))) {
    set.statistics = read_npz_statistics(InputFile(where.file));
    return set;
  }
  ContainerReader reader = open_rows(location, is_numpy(head));
  const std::string kind = reader.kind();
  if (kind == "stats") {
    if (where.dataset_named)
      fail_invalid(reader.name() + ": holds statistics, not rows; " + where.dataset +
                   " cannot be compared");
    set.statistics = read_statistics(reader);
    return set;
  }
  if (kind != "tensors")
    fail_invalid(reader.name() + ": a container of kind " + kind +
                 ", it should hold tensors or stats");
  if (!read_description(reader, reader.main_dataset()).name.empty()) {
    set.source = identity_features(std::move(reader));  // features already
    return set;
  }
  set.source = inception_ != nullptr ? inception_->of(PictureSource(std::move(reader), range_))
               : model_ != nullptr   ? model_->of(std::move(reader))
                                     : identity_features(std::move(reader));
  return set;
}

}  // namespace pushforward
