// The fields of a flow: one table for the options of flow-train, the attributes of model files and
// the settings that --resume compares (nn/field.hpp). A new option of a flow is a member of
// FlowSpec, a row here and a paragraph in man/flow-train.1.
#pragma once

#include <algorithm>

#include "flow/base.hpp"
#include "flow/dequantization.hpp"
#include "flow/flow_spec.hpp"
#include "graph/spline_shape.hpp"
#include "nn/field.hpp"

namespace pushforward {

// Parts of a flow: fields of convolutional flows, and fields that these do not look at.
constexpr std::string_view image_part = "image", dense_part = "dense";

// The least alpha of the logit map but 0, which is no map.
constexpr double min_logit = 1e-12;

// `Spec` is FlowSpec, const or not. Reasons why a field is not used continue the name of the kind:
// "planar has no networks".
template <class Spec, class Visit>
void each_field(Spec& s, const Visit& visit) {
  visit(ModelField("flow").one_of(flow_names()).option("kind of flow"), s.flow);
  const FlowKind& kind = flow_kind(s.flow);
  const bool base_has_networks = s.base == "rad" || s.base == "mixture";
  const auto of_networks = [&](ModelField field) {
    return field.in_part(base_has_networks ? std::string_view() : dense_part)
        .used_if(kind.has_networks || base_has_networks || s.variational(), "has no networks");
  };
  const auto of_splines = [&](ModelField field) {
    return field.used_if(kind.has_splines, "has no splines").stored_if(kind.has_splines);
  };
  const auto of_images = [&](ModelField field) {
    return field.in_part(image_part)
        .used_if(kind.images.layers != nullptr, "is not convolutional")
        .stored_if(s.convolutional());
  };
  visit(ModelField("base")
            .one_of(base_names())
            .option("noise distribution; nice has logistic by default, the others normal"),
        s.base);
  visit(ModelField("dimension", {double(kind.min_columns), max_dimension}), s.dimension);
  visit(ModelField("layers", {1, 1024}).option("layers").in_part(dense_part), s.layers);
  visit(of_networks(ModelField("hidden", {1, 65536}).option("units of a hidden layer")), s.hidden);
  visit(of_networks(
            ModelField("depth", {0, 64})
                .option("hidden layers of a network; of the splines' networks, residual blocks")),
        s.depth);
  visit(of_splines(ModelField("bins", {2, spline_most_bins}).option("bins of a spline")), s.bins);
  visit(of_splines(ModelField("bound", {1e-3, 1e6})
                       .option("splines bend [-bound, bound]; beyond, they are the identity")),
        s.bound);
  visit(ModelField("components", {1, 1024})
            .option("of --base mixture")
            .stored_if(s.base == "mixture"),
        s.components);
  visit(ModelField("dequantize")
            .called("dequantization")
            .one_of(dequantization_names())
            .option("rows are whole numbers 0 to 255: add noise of this kind to them; variational: "
                    "a flow of its own, learned along")
            .left_out_if_unset("none"),
        s.dequantization);
  visit(ModelField("logit", {min_logit, 0.49})
            .option("take dequantized rows v to logit(X + (1 - 2 X) v / 256); 0 only scales them")
            .stored_if(s.eight_bit())
            .left_out_if_unset(),
        s.logit);
  visit(ModelField("image_height", {1, double(s.dimension)}).left_out_if_unset(), s.image.height);
  const int max_width = s.dimension / std::max(1, s.image.height);
  visit(ModelField("image_width", {1, double(max_width)}).stored_if(s.convolutional()),
        s.image.width);
  visit(of_images(
            ModelField("channels", {1, 4096}).option("of images: hidden channels of a network")),
        s.image.channels);
  visit(of_images(ModelField("scales", {1, 10}).option("of images: scales")), s.image.scales);
  visit(of_images(ModelField("blocks", {1, 256})
                      .option("of images: steps of a scale of glow (default 8); residual blocks "
                              "of a network of realnvp and nice (2)")),
        s.image.blocks);
  visit(ModelField("batch_norm")
            .option("batch normalisation between layers")
            .in_part(dense_part)
            .left_out_if_unset(),
        s.batch_norm);
  visit(ModelField("context", {0, double(kind.takes_context ? max_dimension : 0)})
            .left_out_if_unset(),
        s.context);
  visit(ModelField("context_path").stored_if(s.context > 0), s.context_path);
  visit(ModelField("classes", {0, double(s.context)}).left_out_if_unset(), s.classes);
}

}  // namespace pushforward
