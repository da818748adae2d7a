// Networks that invert a deterministic degradation of pictures: inverse heat dissipation (Rissanen,
// Heinonen, Solin 2023) and cold diffusion (Bansal et al. 2023). They have neither score nor
// density.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/container.hpp"
#include "nn/conditional_network.hpp"
#include "nn/parameters.hpp"
#include "nn/training_rows.hpp"
#include "score/degradation.hpp"
#include "score/restoration_start.hpp"

namespace pushforward {

enum class RestorationKind {
  blur,  // from D(v, s) and a little noise to D(v, s - 1), under squared error; D is a blur
  cold   // from D(v, s) to v, under absolute error
};

[[nodiscard]] const char* restoration_name(RestorationKind kind);  // of the process
[[nodiscard]] std::vector<std::string> restoration_names();
// Error(invalid), beginning with `where`, for an unknown name.
[[nodiscard]] RestorationKind restoration_named(const std::string& name, const std::string& where);

struct RestorationDescription {
  RestorationKind kind = RestorationKind::blur;
  std::shared_ptr<const Degradation> degradation;
  ConditionalShape network;
  // Of all pixels of the data together: v = (x - mean) / deviation; range is their maximum less
  // their minimum, the unit of noise and losses.
  double mean = 0, deviation = 1, range = 1;
  double noise = 0.01;  // blur: deviation of the noise on the network's input, in units of range
  // For levels 1 to T: the root mean square of the network's target, in v, over the pixels that a
  // level has lost. The network's output is multiplied by it, so that it should be about 1 at all
  // levels.
  std::vector<double> output_scale;
};

// Sets mean, deviation and range from the rows, then output_scale from some of them.
// Error(invalid), beginning with `where`, if all pixels are equal.
void measure_pictures(const TrainingRows& rows, const std::string& where,
                      RestorationDescription* description);

// The model works on v. Its expressions take a level as a row of level_numbers() numbers.
class RestorationModel {
 public:
  // With initial weights determined by the seed. Throws TooManyParameters if the description needs
  // more than `max_parameters` numbers.
  RestorationModel(RestorationDescription description, std::uint64_t seed,
                   std::size_t max_parameters = std::numeric_limits<std::size_t>::max());

  [[nodiscard]] const RestorationDescription& description() const { return description_; }
  [[nodiscard]] const Degradation& degradation() const { return *description_.degradation; }
  [[nodiscard]] int dimension() const { return degradation().settings().picture.numbers(); }
  [[nodiscard]] const ParameterTable& parameters() const { return table_; }
  [[nodiscard]] ParameterTable& parameters() { return table_; }
  [[nodiscard]] double noise() const;  // blur: the description's noise, in v

  // Level s, 1 to T: the network's conditioning, the scales, and the degradation's numbers for s
  // and s - 1.
  [[nodiscard]] int level_numbers() const;
  [[nodiscard]] std::vector<double> level(int s) const;

  // Throughout, `level` is [n, level_numbers()] or [1, level_numbers()], and v, y and z are [n, D].
  // dropout_columns(description().network) uniform numbers per row switch on dropout.
  //
  // restore() estimates the mean of D(v, s - 1) (blur) or v (cold) from y = D(v, s). It is
  // signal(s) y plus a correction, which is 0 at initialization and for pixels that are not lost.
  // signal(s) is 1 except for the degradation noise.
  [[nodiscard]] Expr restore(Scope scope, Expr y, Expr level, Expr uniforms = Expr()) const;
  [[nodiscard]] Expr correction(Scope scope, Expr y, Expr level, Expr uniforms = Expr()) const;
  [[nodiscard]] Expr degrade(Expr v, Expr z, Expr level) const;       // D(v, s)
  [[nodiscard]] Expr degrade_less(Expr v, Expr z, Expr level) const;  // D(v, s - 1)
  [[nodiscard]] Expr gained(Expr v, Expr z, Expr level) const;        // D(v, s - 1) - D(v, s)

 private:
  RestorationDescription description_;
  ParameterTable table_;
};

// Writes /model: attributes, preprocessing, the distribution of starts, and parameters. `row_shape`
// is the shape of a data row, [C, H, W] or [H, W].
void write_restoration(ContainerWriter* writer, const RestorationModel& model,
                       const std::optional<RestorationStart>& start, const Shape& row_shape,
                       ElementType type);

constexpr const char* restoration_family = "restoration";

struct StoredRestoration {
  std::unique_ptr<RestorationModel> model;
  std::optional<RestorationStart> start;  // empty if the degradation leaves too much
};
// Error(invalid), naming the file, for a model of another family, a dataset that is missing or of
// the wrong shape, and an attribute that no such model can have.
[[nodiscard]] StoredRestoration read_restoration(const ContainerReader& reader);

}  // namespace pushforward
