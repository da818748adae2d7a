// A model of any family, as samplers and scorers of rows take it.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "density/density.hpp"
#include "io/container.hpp"
#include "score/ddgan.hpp"
#include "score/restoration.hpp"
#include "score/score_model.hpp"

namespace pushforward {

class Flow;

struct SampledModel {
  std::string name;    // of the file, for messages
  std::string family;  // "analytic", "flow", "score", "restoration", "ddgan"
  Shape row_shape;
  // A density is that of an analytic model or a flow.
  std::variant<std::unique_ptr<Density>, std::unique_ptr<ScoreModel>, StoredRestoration,
               std::unique_ptr<Ddgan>>
      model;

  // The model of that kind; null where it is of another.
  [[nodiscard]] const Density* density() const;
  [[nodiscard]] const Flow* flow() const;  // a density too; not one with its label given
  [[nodiscard]] const ScoreModel* score() const;
  [[nodiscard]] const RestorationModel* restoration() const;
  [[nodiscard]] const RestorationStart* restoration_start() const;
  [[nodiscard]] const Ddgan* ddgan() const;

  [[nodiscard]] int dimension() const;
  // Whether its rows are whole numbers, scored with noise
  // (flow/dequantization.hpp).
  [[nodiscard]] bool eight_bit() const;
  // Of its data; empty where the model does not say.
  [[nodiscard]] ColumnScales column_scales() const;
  // What is subtracted from rows in double before the model's expressions take them; empty: 0. Not
  // of restorations and generators.
  [[nodiscard]] std::vector<double> origin() const;
};

// A density or a score model as it is in the file. A conditional model takes its condition from
// what stands beside each row.
[[nodiscard]] SampledModel read_any_model(const ContainerReader& reader);

// With one label for all rows, for a conditional flow or a score model with classes; -1 for none.
// Error(invalid) naming the file where the model has no such label, or cannot do without.
[[nodiscard]] SampledModel read_sampled_model(const ContainerReader& reader, int label = -1);

// The same for programs that only draw: a model of any family, also restorations and generators,
// which have no score.
[[nodiscard]] SampledModel read_drawn_model(const ContainerReader& reader, int label = -1);

}  // namespace pushforward
