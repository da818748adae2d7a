#include "eval/inception_weights.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "eval/inception_layers.hpp"
#include "io/container.hpp"
#include "io/hdf5_signature.hpp"
#include "io/npz.hpp"
#include "io/safetensors.hpp"
#include "io/torch_checkpoint.hpp"
#include "io/zip.hpp"

namespace pushforward {
namespace {

// A tensor of the network, and where its numbers are stored.
struct Wanted {
  std::string name, wrapper_name;  // the second is empty for the last layer
  Shape shape;
  std::vector<float>* into;  // null: not read
  bool required;
  bool not_negative = false;
  bool found = false;
};

std::vector<Wanted> wanted_tensors(InceptionClasses classes, InceptionWeights* weights) {
  std::vector<Wanted> all;
  const auto& convolutions = inception_convolutions();
  weights->convolutions.resize(convolutions.size());
  for (std::size_t i = 0; i < convolutions.size(); ++i) {
    const InceptionConvolution& c = convolutions[i];
    ConvolutionWeights& to = weights->convolutions[i];
    const auto add = [&](const char* name, const Shape& shape, std::vector<float>* into) {
      all.push_back({c.name + name, c.wrapper_name + name, shape, into, into != nullptr});
    };
    add(".conv.weight", {c.out_channels, c.channels, c.kernel_height, c.kernel_width}, &to.weight);
    add(".bn.weight", {c.out_channels}, &to.scale);
    add(".bn.bias", {c.out_channels}, &to.shift);
    add(".bn.running_mean", {c.out_channels}, &to.mean);
    add(".bn.running_var", {c.out_channels}, &to.variance);
    all.back().not_negative = true;
    add(".bn.num_batches_tracked", {}, nullptr);
  }
  all.push_back({"fc.weight",
                 "",
                 {inception_classes, inception_features},
                 &weights->class_weight,
                 classes != InceptionClasses::none});
  all.push_back({"fc.bias",
                 "",
                 {inception_classes},
                 &weights->class_bias,
                 classes == InceptionClasses::weight_and_bias});
  return all;
}

// Takes the tensors of a file one by one.
class Collector {
 public:
  Collector(std::string file, std::vector<Wanted> wanted)
      : file_(std::move(file)), wanted_(std::move(wanted)) {
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      places_[wanted_[i].name] = i;
      if (!wanted_[i].wrapper_name.empty()) places_[wanted_[i].wrapper_name] = i;
    }
  }

  // Checks a tensor before its numbers are read. False if they are not needed.
  bool announce(const std::string& path, const Shape& shape) {
    const std::string name = tensor_name(path);
    const auto place = places_.find(name);
    if (place == places_.end())
      fail_invalid(file_ + ": " + name + " is no tensor of the FID Inception network");
    Wanted& one = wanted_[place->second];
    if (one.found) fail_invalid(file_ + ": holds " + one.name + " twice");
    one.found = true;
    if (shape != one.shape)
      fail_invalid(file_ + ": " + name + " has shape " + to_string(shape) + ", it should be " +
                   to_string(one.shape));
    wrapped_ = wrapped_ || name == one.wrapper_name;
    return one.into != nullptr;
  }

  void take(const std::string& path, const Array& array) {
    const std::string name = tensor_name(path);
    const Wanted& one = wanted_[places_.at(name)];
    *one.into = array.to<float>();
    for (const float x : *one.into)
      if (!std::isfinite(x))
        fail_invalid(file_ + ": " + name + " holds numbers that are not finite");
    if (one.not_negative &&
        std::any_of(one.into->begin(), one.into->end(), [](float x) { return x < 0; }))
      fail_invalid(file_ + ": " + name + " is negative somewhere, a variance is not");
  }

  void finish() const {
    std::size_t missing = 0;
    const Wanted* first = nullptr;
    for (const Wanted& one : wanted_) {
      if (one.found || !one.required) continue;
      if (missing++ == 0) first = &one;
    }
    if (first == nullptr) return;
    const bool of_classes = first->wrapper_name.empty();
    fail_invalid(file_ + ": " + (wrapped_ && !of_classes ? first->wrapper_name : first->name) +
                 " is missing" +
                 (missing > 1 ? ", and " + std::to_string(missing - 1) + " more" : "") +
                 (of_classes ? "; the inception score needs it"
                             : "; this is not a file of the FID Inception network's weights"));
  }

 private:
  static std::string tensor_name(const std::string& path) {
    std::string name = path.substr(path[0] == '/' ? 1 : 0);
    std::replace(name.begin(), name.end(), '/', '.');
    return name;
  }

  std::string file_;
  std::vector<Wanted> wanted_;
  std::map<std::string, std::size_t> places_;
  bool wrapped_ = false;  // the file has pytorch-fid's names
};

void take_all(std::vector<NamedArray> arrays, Collector* collector) {
  for (NamedArray& one : arrays) {
    if (collector->announce(one.path, one.array.shape)) collector->take(one.path, one.array);
    one.array = {};
  }
}

// The names within the one dictionary, "state_dict" say, that all tensors of a checkpoint are in.
std::vector<NamedArray> without_folder(std::vector<NamedArray> arrays) {
  const std::string& first = arrays.front().path;
  const std::string folder = first.substr(0, first.find('/', 1) + 1);
  const bool all = folder.size() > 1 && std::all_of(arrays.begin(), arrays.end(), [&](auto& one) {
                     return one.path.compare(0, folder.size(), folder) == 0;
                   });
  if (all)
    for (NamedArray& one : arrays) one.path.erase(0, folder.size() - 1);
  return arrays;
}

}  // namespace

InceptionWeights read_inception_weights(const std::string& file, InceptionClasses classes) {
  InceptionWeights weights;
  const Location location = Location::parse(file);
  InputFile input(location.file);
  Collector collector(input.name(), wanted_tensors(classes, &weights));
  const std::string head = input.bytes(0, hdf5_head_size);
  if (is_hdf5(head)) {
    const ContainerReader reader(std::move(input), Location::parse(file));
    reader.require_group("the network");
    for (const DatasetInfo& one : reader.datasets("/", true))
      if (collector.announce(one.path, one.shape)) collector.take(one.path, reader.read(one.path));
  } else if (location.dataset_named) {
    fail_invalid(input.name() + ": is no HDF5 file, of which alone FILE:/path names a part");
  } else if (is_legacy_torch(head) || is_torch_archive(input)) {
    take_all(without_folder(read_torch_checkpoint(input)), &collector);
  } else if (is_zip(head)) {
    take_all(read_npz(input), &collector);
  } else if (is_safetensors(head, input.size())) {
    take_all(read_safetensors(input), &collector);
  } else {
    fail_invalid(
        input.name() +
        ": is not a file of weights; HDF5, safetensors, NPZ and checkpoints of PyTorch are read");
  }
  collector.finish();
  return weights;
}

}  // namespace pushforward
