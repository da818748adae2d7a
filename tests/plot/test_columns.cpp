// Columns by name and number, labels and their colours, sets that are drawn together.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "complaint.hpp"
#include "io/names.hpp"
#include "plot/column_names.hpp"
#include "plot/labels.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

PlaneRows labelled(std::vector<long> labels) {
  PlaneRows rows;
  rows.label = std::move(labels);
  return rows;
}

}  // namespace

TEST_CASE("a column is meant by its name or its number from 0", "[columns]") {
  const std::vector<std::string> names = {"mass", "1", "mass", "age"};
  const auto place = [&](const std::string& wanted) {
    return column_place(wanted, names, names.size(), "f.h5", "x_column");
  };
  CHECK(place("age") == 3);
  CHECK(place("0") == 0);
  CHECK(place("3") == 3);
  CHECK(place("1") == 1);  // the name, which happens to be the number as well
  CHECK(column_place("1", {"1", "0"}, 2, "f.h5", "x_column") == 0);
  CHECK(column_place("2", {}, 3, "f.h5", "x_column") == 2);
  const std::string start = "f.h5: " + setting("x_column") + " ";
  CHECK(complaint([&] { (void)place("mass"); }) ==
        start + "mass: more than one column has this name; give its number, from 0");
  for (const std::string wanted : {"4", "-1", "1.0", "", "height", "99999999999999999999"})
    CHECK(complaint([&] { (void)place(wanted); }) ==
          start + wanted +
              ": there is no such column; rows have 4 numbers, columns 0 to 3: mass, 1, mass, age");
  CHECK(complaint([&] { (void)column_place("1", {}, 1, "f.h5", "x_column"); }) ==
        start + "1: there is no such column; rows have 1 number, column 0");
}

TEST_CASE("rows are read by the names of their columns", "[columns]") {
  const TemporaryFile file;
  {
    ContainerWriter writer(file.path, "tensors", {});
    writer.write("/x", Array::of(std::vector<float>{1, 2, 3, 4, 5, 6}, {2, 3}));
    writer.set_text("/x", "columns", join_names({"a", "b", "c"}));
    writer.commit();
  }
  const RowReader reader(file.path);
  const PlaneRows rows = read_plane_rows(reader, {"c", "a", false});
  CHECK(rows.x == std::vector<double>{3, 6});
  CHECK(rows.y == std::vector<double>{1, 4});
  CHECK(rows.x_name == "c");
  CHECK(rows.x_column == 2);
  CHECK(read_row_columns(reader, {1, 2})[1] == std::vector<double>{3, 6});
  CHECK_THROWS_WITH(read_plane_rows(reader, {"a", "d", false}),
                    Catch::Contains(setting("y_column") + " d: there is no such column"));
}

TEST_CASE("a class has one colour in all sets, and its name in the legend", "[labels]") {
  std::vector<PlaneRows> sets = {labelled({2, 0, 2}), labelled({1, 2})};
  sets[1].classes = {"cat", "dog", "emu"};
  const std::vector<LegendEntry> legend = colour_labels(&sets);
  REQUIRE(legend.size() == 3);
  CHECK(legend[0].text == "cat");
  CHECK(legend[2].text == "emu");
  CHECK(sets[0].label == std::vector<long>{2, 0, 2});
  CHECK(sets[1].label == std::vector<long>{1, 2});
  for (const LegendEntry& entry : legend) CHECK(entry.key == Key::point);
}

TEST_CASE("labels beyond the colours are counted, and too many have no legend", "[labels]") {
  std::vector<PlaneRows> sets = {labelled({-3, 70, 5, 70})};
  const std::vector<LegendEntry> legend = colour_labels(&sets);
  CHECK(sets[0].label == std::vector<long>{0, 2, 1, 2});
  REQUIRE(legend.size() == 3);
  CHECK(legend[0].text == "-3");
  CHECK(legend[2].text == "70");
  std::vector<long> many(class_colours + 1);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<long>(i);
  sets = {labelled(many)};
  CHECK(colour_labels(&sets).empty());
  sets = {labelled({})};
  CHECK(colour_labels(&sets).empty());
}

TEST_CASE("the colours of classes are far apart", "[labels]") {
  for (long i = 0; i < class_colours; ++i)
    for (long j = 0; j < i; ++j) {
      const Colour a = class_colour(i), b = class_colour(j);
      INFO(i << " and " << j);
      CHECK(std::abs(a.red - b.red) + std::abs(a.green - b.green) + std::abs(a.blue - b.blue) >
            0.2f);
    }
  CHECK(class_colour(3).red == series_colour(3).red);
  CHECK(class_colour(3).red == class_colour(3 + class_colours).red);
}

TEST_CASE("mixed sets hold all rows, and none is drawn after the others", "[labels]") {
  std::vector<PlaneRows> sets(3);
  const std::size_t counts[] = {100, 7, 1000};
  for (std::size_t s = 0; s < 3; ++s)
    for (std::size_t i = 0; i < counts[s]; ++i) {
      sets[s].x.push_back(static_cast<double>(i));
      sets[s].y.push_back(-static_cast<double>(i));
    }
  const PlaneRows mixed = mixed_sets(sets, {"a", "b", "c"});
  REQUIRE(mixed.x.size() == 1107);
  CHECK(mixed.classes == std::vector<std::string>{"a", "b", "c"});
  std::size_t seen[3] = {};
  for (std::size_t i = 0; i < mixed.x.size(); ++i) {
    const auto s = static_cast<std::size_t>(mixed.label[i]);
    CHECK(mixed.x[i] == static_cast<double>(seen[s]));  // each set in its order
    CHECK(mixed.y[i] == -mixed.x[i]);
    ++seen[s];
    const double share = static_cast<double>(i + 1) / 1107;
    for (std::size_t k = 0; k < 3; ++k)
      CHECK(std::abs(static_cast<double>(seen[k]) - share * static_cast<double>(counts[k])) < 2);
  }
}
