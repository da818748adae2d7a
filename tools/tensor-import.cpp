// Makes a tensor container from files of other programs.
#include <cmath>
#include <numeric>
#include <optional>

#include "base/error.hpp"
#include "base/random.hpp"
#include "cli/import_command.hpp"
#include "eval/principal_components.hpp"
#include "io/checks.hpp"
#include "io/export.hpp"
#include "io/jitter.hpp"

using namespace pushforward;

namespace {

// Rows, and the principal components they were projected on, if any.
struct Rows {
  Table table;
  std::optional<PrincipalComponents> components;
};

// Projects all rows on the principal components of rows [first, end).
void project(const ImportCommand& options, std::size_t first, std::size_t end, Rows* rows) {
  for (NamedArray& x : rows->table.datasets) {
    if (x.path != "/x") continue;
    rows->components = principal_components(
        x.array, first, end, static_cast<std::size_t>(options.pca), options.files[0]);
    x = {"/x", rows->components->project(x.array), {}};
    require_finite_rows(x.array, 0, options.files[0], "projected /x");
  }
}

// Rows first to end - 1, shuffled if asked for.
std::vector<std::uint64_t> row_order(const ImportCommand& options, std::size_t first,
                                     std::size_t end) {
  std::vector<std::uint64_t> order(end - first);
  if (options.shuffle)
    order = permutation(
        order.size(), Random(static_cast<std::uint64_t>(options.compute.seed), Stream::shuffle), 0);
  else
    std::iota(order.begin(), order.end(), 0);
  for (std::uint64_t& row : order) row += first;
  return order;
}

// An output with these rows, ready for commit().
ContainerWriter prepare(const Rows& rows, const std::string& output, const ImportCommand& options,
                        const CommandLine& line) {
  Provenance origin = provenance(line, options.common, rows.table.history);
  if (options.shuffle || !options.jitter.empty())
    origin.seed = static_cast<std::uint64_t>(options.compute.seed);
  ContainerWriter writer(output, "tensors", origin);
  write_table(rows.table, &writer);
  if (rows.components) rows.components->write(&writer);
  return writer;
}

void write(const Rows& rows, const ImportCommand& options, const CommandLine& line) {
  prepare(rows, options.output, options, line).commit();
}

void write_split(const Rows& rows, const std::vector<std::uint64_t>& order,
                 const ImportCommand& options, const CommandLine& line) {
  const auto count =
      static_cast<std::ptrdiff_t>(std::llround(options.split * static_cast<double>(order.size())));
  if (count == 0 || count == static_cast<std::ptrdiff_t>(order.size()))
    fail_invalid(options.files[0] + ": a part of " + std::to_string(order.size()) +
                 " rows would be empty, choose another --split");
  const auto part = [&](auto begin, auto end, const std::string& output) {
    return prepare({select_rows(rows.table, {begin, end}), rows.components}, output, options, line);
  };
  // Neither appears if the other cannot be written.
  ContainerWriter first = part(order.begin(), order.begin() + count, options.output);
  ContainerWriter rest = part(order.begin() + count, order.end(), options.rest);
  first.commit();
  rest.commit();
}

int body(int argc, char** argv) {
  ImportCommand options;
  CommandLine line("tensor-import", "[OPTIONS] FILE...",
                   "Makes a tensor container from tables, arrays, images or weights.",
                   "tensor-import --label-column species iris.csv -o iris.h5");
  add_import(line, &options);
  if (!line.parse(argc, argv)) return 0;
  const ImportOptions wanted = import_options(line, options);

  Imported imported = import_files(options.files, wanted);
  require_text(line, options, imported);
  if (imported.passed_over > 0)
    warn(std::to_string(imported.passed_over) +
         " files are not images and are passed over, such as " + imported.first_passed_over);
  for (const char* path : {"/x", "/label"}) {
    const NamedArray* rows = imported.weights ? nullptr : imported.table.find(path);
    if (rows != nullptr) require_finite_rows(rows->array, 0, options.files[0], path);
  }
  if (line.given("jitter")) {
    if (imported.weights) fail_usage("option --jitter is for rows, and these are weights");
    const std::string done =
        jitter(options.jitter, static_cast<std::uint64_t>(options.compute.seed), options.files[0],
               &imported.table);
    if (done.empty())
      warn(options.files[0] + ": no column has few different values in equal steps, so --jitter " +
           "all changes nothing");
    else
      inform("noise is added: " + done);
  }
  Rows rows{std::move(imported.table), {}};
  const bool choosing =
      options.shuffle || line.given("rows") || line.given("split") || line.given("pca");
  if (!choosing) {
    write(rows, options, line);
    return 0;
  }
  if (imported.weights)
    fail_usage("options --rows, --pca, --shuffle and --split are for rows, and these are weights");
  const RowRange range = options.rows.empty() ? RowRange{} : RowRange::parse(options.rows);
  const std::size_t count = require_rows(rows.table, options.files[0]);
  const std::size_t end = range.end_of(count, options.files[0]);
  if (line.given("pca")) project(options, range.first, end, &rows);
  const std::vector<std::uint64_t> order = row_order(options, range.first, end);
  if (line.given("split"))
    write_split(rows, order, options, line);
  else
    write({select_rows(rows.table, order), rows.components}, options, line);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("tensor-import", [&] { return body(argc, argv); });
}
