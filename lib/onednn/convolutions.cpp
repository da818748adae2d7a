// The convolution family by oneDNN, each thread on its own.
#include <omp.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <vector>

#include "onednn/element.hpp"

namespace pushforward {
namespace onednn {
namespace {

using Desc = dnnl::memory::desc;

enum class Kind { forward, back, weights };

// Everything a primitive is made from.
struct Form {
  Kind kind;
  ConvolutionShape shape;
  std::size_t images, in_stride, out_stride;
  bool bias, relu;
  [[nodiscard]] std::array<std::size_t, 17> key() const {
    const ConvolutionShape& s = shape;
    return {static_cast<std::size_t>(kind),
            s.height,
            s.width,
            s.channels,
            s.out_height,
            s.out_width,
            s.out_channels,
            s.kernel_height,
            s.kernel_width,
            s.stride,
            s.pad_top,
            s.pad_left,
            images,
            in_stride,
            out_stride,
            std::size_t{bias},
            std::size_t{relu}};
  }
};

// Channels-last images whose pixels are `stride` numbers apart.
Desc images_of(std::size_t images, std::size_t channels, std::size_t height, std::size_t width,
               std::size_t stride, dnnl::memory::data_type type) {
  return {Dims{extent(images), extent(channels), extent(height), extent(width)}, type,
          Dims{extent(height * width * stride), 1, extent(width * stride), extent(stride)}};
}

// An operand or the result: as the caller has it, as the primitive wants it, and the way between.
struct Argument {
  int argument;
  Desc given, wanted;
  dnnl::reorder between{};
  [[nodiscard]] bool same() const { return given == wanted; }
};

struct Primitive {
  Argument a, b, result;
  dnnl::primitive run;
};

template <bool bf16>
Primitive make_primitive(const Form& f) {
  const ConvolutionShape& s = f.shape;
  const auto number = Element<bf16>::tag, real = dnnl::memory::data_type::f32;
  const auto any = dnnl::memory::format_tag::any;
  const auto in = [&](std::size_t stride, dnnl::memory::data_type type) {
    return images_of(f.images, s.channels, s.height, s.width, stride, type);
  };
  const auto out = [&](std::size_t stride, dnnl::memory::data_type type) {
    return images_of(f.images, s.out_channels, s.out_height, s.out_width, stride, type);
  };
  const Dims taps = {extent(s.out_channels), extent(s.channels), extent(s.kernel_height),
                     extent(s.kernel_width)};
  const Desc weights(
      taps, real,
      Dims{1, extent(s.out_channels), extent(s.kernel_width * s.channels * s.out_channels),
           extent(s.channels * s.out_channels)});
  const Desc any_weights(taps, number, any);
  const Desc dense_in = in(s.channels, number), dense_out = out(s.out_channels, number);
  const Desc bias = f.bias ? Desc(Dims{extent(s.out_channels)}, real, Dims{1}) : Desc();
  // What is missing after the last pixel; kernels need not reach it.
  const auto after = [](std::size_t size, std::size_t result, std::size_t kernel,
                        std::size_t stride, std::size_t before) {
    const std::size_t end = (result - 1) * stride + kernel;
    return extent(end > size + before ? end - size - before : 0);
  };
  const Dims strides = {extent(s.stride), extent(s.stride)};
  const Dims left = {extent(s.pad_top), extent(s.pad_left)};
  const Dims right = {after(s.height, s.out_height, s.kernel_height, s.stride, s.pad_top),
                      after(s.width, s.out_width, s.kernel_width, s.stride, s.pad_left)};
  const auto direct = dnnl::algorithm::convolution_direct;
  dnnl::primitive_attr attributes;
  if (f.relu) {
    dnnl::post_ops last;
    last.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    attributes.set_post_ops(last);
  }
  const auto forward_of = [&](const Desc& result, const Desc& bias_of) {
    return dnnl::convolution_forward::primitive_desc(
        {dnnl::prop_kind::forward_training, direct, dense_in, any_weights, bias_of, result, strides,
         left, right},
        attributes, engine());
  };
  Primitive p;
  if (f.kind == Kind::forward) {
    const auto pd = forward_of(out(f.out_stride, real), bias);
    p.a = {DNNL_ARG_SRC, in(f.in_stride, real), dense_in};
    p.b = {DNNL_ARG_WEIGHTS, weights, pd.weights_desc()};
    p.result = {DNNL_ARG_DST, pd.dst_desc(), pd.dst_desc()};
    p.run = dnnl::convolution_forward(pd);
  } else if (f.kind == Kind::back) {
    const Desc result = in(f.in_stride, real);
    const dnnl::convolution_backward_data::primitive_desc pd(
        {direct, result, any_weights, dense_out, strides, left, right}, engine(),
        forward_of(dense_out, Desc()));
    p.a = {DNNL_ARG_DIFF_DST, out(f.out_stride, real), dense_out};
    p.b = {DNNL_ARG_WEIGHTS, weights, pd.weights_desc()};
    p.result = {DNNL_ARG_DIFF_SRC, result, result};
    p.run = dnnl::convolution_backward_data(pd);
  } else {
    const dnnl::convolution_backward_weights::primitive_desc pd(
        {direct, dense_in, Desc(taps, real, any), dense_out, strides, left, right}, engine(),
        forward_of(dense_out, Desc()));
    p.a = {DNNL_ARG_SRC, in(f.in_stride, real), dense_in};
    p.b = {DNNL_ARG_DIFF_DST, out(f.out_stride, real), dense_out};
    p.result = {DNNL_ARG_DIFF_WEIGHTS, weights, pd.diff_weights_desc()};
    p.run = dnnl::convolution_backward_weights(pd);
  }
  const auto reorder = [](const Desc& from, const Desc& to) {
    return dnnl::reorder(dnnl::reorder::primitive_desc(engine(), from, engine(), to));
  };
  for (Argument* operand : {&p.a, &p.b})
    if (!operand->same()) operand->between = reorder(operand->given, operand->wanted);
  if (!p.result.same()) p.result.between = reorder(p.result.wanted, p.result.given);
  return p;
}

// A thread's primitives, stream and buffers for what is not as the primitive wants it.
template <bool bf16>
class Worker {
 public:
  static Worker& mine() {
    thread_local Worker worker;
    return worker;
  }

  void run(const Form& form, const float* a, const float* b, const float* bias, float* result) {
    auto at = primitives_.find(form.key());
    if (at == primitives_.end())
      at = primitives_.emplace(form.key(), make_primitive<bf16>(form)).first;
    Primitive& p = at->second;
    const dnnl::memory to = p.result.same()
                                ? dnnl::memory(p.result.given, engine(), result)
                                : dnnl::memory(p.result.wanted, engine(), room(2, p.result.wanted));
    std::unordered_map<int, dnnl::memory> arguments = {{p.a.argument, operand(&p.a, a, 0)},
                                                       {p.b.argument, operand(&p.b, b, 1)},
                                                       {p.result.argument, to}};
    if (form.bias)
      arguments.emplace(DNNL_ARG_BIAS, given(Desc(Dims{extent(form.shape.out_channels)},
                                                  dnnl::memory::data_type::f32, Dims{1}),
                                             bias));
    p.run.execute(stream_, arguments);
    if (!p.result.same()) {
      dnnl::memory from = to, out(p.result.given, engine(), result);
      p.result.between.execute(stream_, from, out);
    }
    stream_.wait();
  }

 private:
  // A lane is one thread's: oneDNN's own threads stay out of it.
  Worker() : stream_(engine()) { omp_set_num_threads(1); }

  static dnnl::memory given(const Desc& desc, const float* data) {
    return {desc, engine(), const_cast<float*>(data)};  // oneDNN only reads operands
  }
  void* room(std::size_t which, const Desc& desc) {
    std::vector<float>& buffer = buffers_[which];
    buffer.resize(std::max(buffer.size(), desc.get_size() / sizeof(float) + 1));
    return buffer.data();
  }
  dnnl::memory operand(Argument* o, const float* data, std::size_t which) {
    dnnl::memory from = given(o->given, data);
    if (o->same()) return from;
    dnnl::memory to(o->wanted, engine(), room(which, o->wanted));
    o->between.execute(stream_, from, to);
    return to;
  }

  dnnl::stream stream_;
  std::map<std::array<std::size_t, 17>, Primitive> primitives_;
  std::vector<float> buffers_[3];
};

template <bool bf16>
void convolution(const ConvolutionShape& s, std::size_t images, const float* in,
                 std::size_t in_stride, const float* weights, const float* bias, bool relu,
                 float* out, std::size_t out_stride) {
  Worker<bf16>::mine().run({Kind::forward, s, images, in_stride, out_stride, bias != nullptr, relu},
                           in, weights, bias, out);
}

template <bool bf16>
void convolution_back(const ConvolutionShape& s, std::size_t images, const float* adjoint,
                      std::size_t adjoint_stride, const float* weights, const float* bias,
                      float* out, std::size_t out_stride) {
  Worker<bf16>::mine().run({Kind::back, s, images, out_stride, adjoint_stride, false, false},
                           adjoint, weights, nullptr, out);
  if (bias == nullptr) return;
  for (std::size_t pixel = 0; pixel < images * s.height * s.width; ++pixel)
    for (std::size_t c = 0; c < s.channels; ++c) out[pixel * out_stride + c] += bias[c];
}

template <bool bf16>
void convolution_weights(const ConvolutionShape& s, std::size_t images, const float* in,
                         std::size_t in_stride, const float* adjoint, std::size_t adjoint_stride,
                         float* out) {
  Worker<bf16>::mine().run({Kind::weights, s, images, in_stride, adjoint_stride, false, false}, in,
                           adjoint, nullptr, out);
}

}  // namespace

template <bool bf16>
void add_convolutions(Kernels<float>* table) {
  table->convolution = convolution<bf16>;
  table->convolution_back = convolution_back<bf16>;
  table->convolution_weights = convolution_weights<bf16>;
  table->winograd = nullptr;
}

template void add_convolutions<false>(Kernels<float>* table);
template void add_convolutions<true>(Kernels<float>* table);

}  // namespace onednn
}  // namespace pushforward
