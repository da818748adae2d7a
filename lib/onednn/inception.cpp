// Convolutions by oneDNN, channels last.
#include <omp.h>

#include <algorithm>
#include <cstring>
#include <dnnl.hpp>
#include <unordered_map>

#include "eval/inception_engine.hpp"

namespace pushforward {
namespace {

using Dims = dnnl::memory::dims;
using Type = dnnl::memory::data_type;
using Tag = dnnl::memory::format_tag;

template <class Number>
constexpr Type number_type = sizeof(Number) == sizeof(float) ? Type::f32 : Type::bf16;

dnnl_dim_t dim(std::size_t n) { return static_cast<dnnl_dim_t>(n); }

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

// Channels last; pixels are `stride` numbers apart.
dnnl::memory::desc image(Type type, std::size_t images, std::size_t height, std::size_t width,
                         std::size_t channels, std::size_t stride) {
  return {Dims{dim(images), dim(channels), dim(height), dim(width)}, type,
          Dims{dim(height * width * stride), 1, dim(width * stride), dim(stride)}};
}

// A thread's stream and buffers. A lane runs on one thread, so oneDNN may use no others.
struct Worker {
  dnnl::stream stream;
  std::vector<std::byte> scratch, dense;
  Worker() : stream(engine()) { omp_set_num_threads(1); }
  static Worker& mine() {
    thread_local Worker worker;
    return worker;
  }
  static std::byte* fitted(std::vector<std::byte>* buffer, std::size_t bytes) {
    if (buffer->size() < bytes) buffer->resize(bytes);
    return buffer->data();
  }
};

template <class Number>
class OnednnEngine : public InceptionEngine<Number> {
 public:
  OnednnEngine(const InceptionProgram& program, const std::vector<FoldedConvolution>& convolutions)
      : convolutions_(program.convolutions.size()) {
    for (const InceptionSection& section : program.sections)
      for (const InceptionOperation& one : section.operations)
        if (one.kind == InceptionOperation::Kind::convolution)
          convolutions_[one.number] =
              make(one.shape, section.group, program.maps[one.to.map].channels,
                   program.convolutions[one.number].relu, convolutions[one.number]);
  }

  void convolve(const InceptionOperation& operation, std::size_t, const Number* in, std::size_t,
                Number* out, std::size_t out_stride) const override {
    const Convolution& one = convolutions_[operation.number];
    Worker& worker = Worker::mine();
    const std::size_t columns = operation.shape.out_channels;
    const std::size_t bytes = one.out.get_size();
    const bool direct = one.direct;
    std::byte* const to =
        direct ? reinterpret_cast<std::byte*>(out) : Worker::fitted(&worker.dense, bytes);
    const dnnl::memory scratch(one.scratch, engine(),
                               Worker::fitted(&worker.scratch, one.scratch.get_size()));
    one.primitive.execute(
        worker.stream,
        {{DNNL_ARG_SRC, dnnl::memory(one.in, engine(), const_cast<Number*>(in))},  // only read
         {DNNL_ARG_WEIGHTS, one.weights},
         {DNNL_ARG_BIAS, one.bias},
         {DNNL_ARG_DST, dnnl::memory(one.out, engine(), to)},
         {DNNL_ARG_SCRATCHPAD, scratch}});
    worker.stream.wait();
    if (direct) return;
    const std::size_t row = columns * sizeof(Number);
    for (std::size_t at = 0; at < bytes; at += row, out += out_stride)
      std::memcpy(out, to + at, row);
  }

 private:
  struct Convolution {
    dnnl::memory::desc in, out, scratch;
    dnnl::memory weights, bias;
    dnnl::convolution_forward primitive;
    bool direct = true;  // writes into the columns of a wider map
  };

  static dnnl::convolution_forward::primitive_desc description(const ConvolutionShape& s,
                                                               std::size_t images,
                                                               std::size_t out_stride, bool relu) {
    const Type type = number_type<Number>;
    const Dims kernel = {dim(s.out_channels), dim(s.channels), dim(s.kernel_height),
                         dim(s.kernel_width)};
    const auto after = [&](std::size_t size, std::size_t out, std::size_t width, std::size_t pad) {
      return dim((out - 1) * s.stride + width) - dim(size) - dim(pad);
    };
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);  // else threads would share it
    if (relu) {
      dnnl::post_ops post;
      post.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
      attributes.set_post_ops(post);
    }
    const dnnl::convolution_forward::desc convolution(
        dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
        image(type, images, s.height, s.width, s.channels, s.channels), {kernel, type, Tag::any},
        {Dims{dim(s.out_channels)}, Type::f32, Tag::x},
        image(type, images, s.out_height, s.out_width, s.out_channels, out_stride),
        Dims{dim(s.stride), dim(s.stride)}, Dims{dim(s.pad_top), dim(s.pad_left)},
        Dims{after(s.height, s.out_height, s.kernel_height, s.pad_top),
             after(s.width, s.out_width, s.kernel_width, s.pad_left)});
    return {convolution, attributes, engine()};
  }

  // Writes into the columns of the map if a fast implementation supports such strides; otherwise
  // into a dense buffer that is copied.
  static Convolution make(const ConvolutionShape& s, std::size_t images, std::size_t out_stride,
                          bool relu, const FoldedConvolution& folded) {
    Convolution one;
    dnnl::convolution_forward::primitive_desc made = description(s, images, out_stride, relu);
    if (out_stride != s.out_channels && !compiled(made)) {
      one.direct = false;
      made = description(s, images, s.out_channels, relu);
    }
    one.in = made.src_desc();
    one.out = made.dst_desc();
    one.scratch = made.scratchpad_desc();
    one.primitive = dnnl::convolution_forward(made);
    one.bias = dnnl::memory(made.bias_desc(), engine());
    std::memcpy(one.bias.get_data_handle(), folded.bias.data(), folded.bias.size() * sizeof(float));
    one.weights = dnnl::memory(made.weights_desc(), engine());
    dnnl::memory plain(
        {Dims{dim(s.out_channels), dim(s.channels), dim(s.kernel_height), dim(s.kernel_width)},
         Type::f32, Tag::hwio},
        engine(), const_cast<float*>(folded.weights.data()));  // only read
    dnnl::reorder(plain, one.weights).execute(Worker::mine().stream, plain, one.weights);
    Worker::mine().stream.wait();
    return one;
  }

  static bool compiled(const dnnl::convolution_forward::primitive_desc& made) {
    const std::string name = made.impl_info_str();
    return name.find("jit") != std::string::npos || name.find("brg") != std::string::npos;
  }

  std::vector<Convolution> convolutions_;
};

}  // namespace

namespace onednn {

extern "C" MakeEngine<float> onednn_inception_float;
InceptionEngine<float>* onednn_inception_float(const InceptionProgram& program,
                                               const std::vector<FoldedConvolution>& convolutions) {
  return new OnednnEngine<float>(program, convolutions);
}

extern "C" MakeEngine<std::uint16_t> onednn_inception_bf16;
InceptionEngine<std::uint16_t>* onednn_inception_bf16(
    const InceptionProgram& program, const std::vector<FoldedConvolution>& convolutions) {
  return new OnednnEngine<std::uint16_t>(program, convolutions);
}

}  // namespace onednn
}  // namespace pushforward
