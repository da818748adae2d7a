// The fields of a network (nn/conditional_network.hpp): one table for the options of programs that
// train one, the attributes of model files and the settings that --resume compares (nn/field.hpp).
#pragma once

#include <algorithm>

#include "nn/conditional_network.hpp"
#include "nn/field.hpp"

namespace pushforward {

// Of a dense network. `Shape` is ConditionalShape, const or not.
template <class Shape, class Visit>
void each_dense_field(Shape& s, const Visit& visit) {
  visit(ModelField("hidden", {1, 65536}).option("mlp: units of a hidden layer"), s.hidden);
  visit(ModelField("depth", {1, 64}).option("mlp: hidden layers"), s.depth);
}

// Of a U-Net for rows of at most `dimension` numbers. `Shape` is UnetShape, const or not.
template <class Shape, class Visit>
void each_unet_field(Shape& s, int dimension, const Visit& visit) {
  visit(ModelField("height", {1, double(dimension)}), s.height);
  const int max_width = dimension / std::max(1, s.height);
  visit(ModelField("width", {1, double(max_width)}), s.width);
  visit(ModelField("channels", {1, 4096}).option("unet: channels of the first level"), s.channels);
  visit(ModelField("multipliers", {1, 64})
            .list_of("N")
            .option("unet: channels of each level over those of the first"),
        s.multipliers);
  visit(ModelField("blocks", {1, 64}).option("unet: residual blocks of a level"), s.blocks);
  visit(ModelField("attention", {1, double(dimension)})
            .list_of("SIDE")
            .option("unet: sides of the levels that have self-attention"),
        s.attention);
  visit(ModelField("heads", {1, 4096}).option("unet: heads of the attention"), s.heads);
  visit(ModelField("dropout", Range::at_least(0).below(1))
            .option("unet: share of a block's numbers set to 0 in training"),
        s.dropout);
}

}  // namespace pushforward
