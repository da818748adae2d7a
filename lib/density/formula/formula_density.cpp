#include "density/formula/formula_density.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "density/formula/compiler.hpp"
#include "io/names.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

const std::string parameters = "/model/parameters/";
const std::string data_group = "data/";

bool is_name(const std::string& text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (text.empty() || !letter(text[0])) return false;
  for (const char c : text)
    if (!letter(c) && !(c >= '0' && c <= '9')) return false;
  return true;
}

void check_data(const FormulaSource& source, const std::string& origin, ErrorKind kind) {
  std::set<std::string> taken;
  for (const std::string& name : source.names) taken.insert(name.substr(0, name.find('.')));
  for (const ModelArray& data : source.data) {
    const std::string where = origin + ": data " + data.name;
    if (!is_name(data.name))
      throw Error(kind, where + ": should have a name of letters, digits and _");
    if (!taken.insert(data.name).second)
      throw Error(kind, where + ": the name is taken, by a column or by other data");
    const Array& array = data.array;
    if (array.size() == 0 || array.shape.size() > 2 ||
        array.size() > std::size_t(std::numeric_limits<int>::max()))
      throw Error(kind, where + ": has shape " + to_string(array.shape) +
                            ", it should be a number, a vector [K] or a matrix [K, L]");
    for (const double value : array.to<double>())
      if (!std::isfinite(value)) throw Error(kind, where + ": holds a number that is not finite");
  }
}

void check_bounds(const FormulaSource& source, const std::string& origin, ErrorKind kind) {
  const Bounds& bounds = source.bounds;
  if (bounds.none()) return;
  const std::size_t columns = static_cast<std::size_t>(source.dimension);
  for (const std::vector<double>* side : {&bounds.lower, &bounds.upper})
    if (side->size() != columns)
      throw Error(kind, origin + ": " + std::to_string(side->size()) + " bounds for " +
                            std::to_string(columns) + " columns; every column needs one");
  for (std::size_t j = 0; j < columns; ++j)
    if (!(bounds.lower[j] < bounds.upper[j]) || bounds.lower[j] == HUGE_VAL ||
        bounds.upper[j] == -HUGE_VAL)
      throw Error(kind, origin + ": the lower bound of column " + std::to_string(j + 1) +
                            " should be below the upper one");
}

}  // namespace

std::vector<std::string> formula_column_names(const std::string& list) {
  constexpr unsigned long most = 1000000;
  std::vector<std::string> names;
  std::set<std::string> taken;
  const std::string what = "option " + setting("names") + ": ";
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string word = list.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t bracket = word.find('[');
    const std::string name = word.substr(0, bracket);
    unsigned long count = 0;
    if (bracket != std::string::npos) {
      const std::string digits = word.substr(bracket + 1, word.size() - bracket - 2);
      if (word.back() == ']' && !digits.empty() && digits.size() < 8 &&
          digits.find_first_not_of("0123456789") == std::string::npos)
        count = std::stoul(digits);
    }
    if (!is_name(name) || (bracket != std::string::npos && (count < 1 || count > most)))
      fail_usage(what + "'" + word + "' is not a name of letters, digits and _, nor NAME[K] for " +
                 "a vector of K columns");
    if (!taken.insert(name).second) fail_usage(what + "'" + name + "' is there twice");
    if (bracket == std::string::npos) names.push_back(name);
    for (unsigned long k = 1; k <= count; ++k) names.push_back(name + "." + std::to_string(k));
  }
  return names;
}

class FormulaDensity::Unbounded : public Density {
 public:
  explicit Unbounded(const FormulaDensity* bounded) : bounded_(bounded) {}
  [[nodiscard]] int dimension() const override { return bounded_->dimension(); }
  [[nodiscard]] Expr log_density(Scope scope, Expr y) const override {
    const Bounds& bounds = bounded_->bounds();
    return bounded_->formula(scope.graph(), bounds.to_bounded(y)) + bounds.log_jacobian(y);
  }

 private:
  const FormulaDensity* bounded_;
};

FormulaDensity::FormulaDensity(FormulaSource source, const std::string& origin, ErrorKind kind)
    : source_(std::move(source)) {
  const std::size_t columns = static_cast<std::size_t>(source_.dimension);
  if (!source_.names.empty() && source_.names.size() != columns)
    throw Error(kind, origin + ": " + std::to_string(source_.names.size()) + " names for " +
                          std::to_string(columns) + " columns; every column needs one");
  check_data(source_, origin, kind);
  check_bounds(source_, origin, kind);
  try {
    syntax_ = parse_formula(source_.text);
    Graph graph;
    static_cast<void>(formula(graph, graph.input("x", 2, source_.dimension)));
  } catch (const FormulaError& error) {
    throw Error(kind,
                origin + ": " + place_in_text(source_.text, error.at()) + ": " + error.what());
  }
  if (!source_.bounds.none()) unbounded_ = std::make_unique<Unbounded>(this);
}

FormulaDensity::~FormulaDensity() = default;

Expr FormulaDensity::formula(Graph& graph, Expr x) const {
  return compile_formula(syntax_, source_, graph, x);
}

Expr FormulaDensity::log_density(Scope scope, Expr x) const {
  const Expr value = formula(scope.graph(), x);
  if (source_.bounds.none()) return value;
  return select(source_.bounds.outside(x), scope.graph().constant(-HUGE_VAL), value);
}

const Density& FormulaDensity::unbounded() const {
  if (unbounded_ != nullptr) return *unbounded_;
  return *this;
}

std::vector<ModelArray> FormulaDensity::arrays() const {
  std::vector<ModelArray> all;
  for (const ModelArray& data : source_.data) all.push_back({data_group + data.name, data.array});
  if (source_.bounds.none()) return all;
  all.push_back({"lower", Array::of(source_.bounds.lower, {source_.bounds.lower.size()})});
  all.push_back({"upper", Array::of(source_.bounds.upper, {source_.bounds.upper.size()})});
  return all;
}

std::vector<ModelText> FormulaDensity::texts() const {
  std::vector<ModelText> all = {{"formula", source_.text}};
  if (!source_.names.empty()) all.push_back({"columns", join_names(source_.names)});
  return all;
}

bool is_formula_model(const ContainerReader& reader) {
  return reader.text("/model", "formula").has_value();
}

std::unique_ptr<FormulaDensity> read_formula(const ContainerReader& reader, int dimension) {
  FormulaSource source;
  source.text = model_text(reader, "formula");
  source.dimension = dimension;
  source.names = read_names(reader, "/model", "columns", static_cast<std::size_t>(dimension));
  if (reader.has(parameters + "data"))
    for (const DatasetInfo& info : reader.datasets(parameters + "data"))
      source.data.push_back({info.path.substr(info.path.rfind('/') + 1), reader.read(info.path)});
  if (reader.has(parameters + "lower") || reader.has(parameters + "upper")) {
    for (const char* side : {"lower", "upper"})
      if (!reader.has(parameters + side))
        fail_not_found(reader.name() + ": " + parameters + side + " is missing");
    source.bounds = {reader.read(parameters + "lower").to<double>(),
                     reader.read(parameters + "upper").to<double>()};
  }
  return std::make_unique<FormulaDensity>(std::move(source), reader.name(), ErrorKind::invalid);
}

}  // namespace pushforward
