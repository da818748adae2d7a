// Checkpoints of PyTorch 1.13 (tests/io/torch/make.py), and what damage makes of them.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "complaint.hpp"
#include "io/pickle.hpp"
#include "io/torch_checkpoint.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

std::string stored(const std::string& name) {
  std::ifstream file(std::string(PUSHFORWARD_IO_TESTS) + "/torch/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<NamedArray> tensors_of(const std::string& bytes, const std::string& only = "") {
  InputFile file = InputFile::empty("f.pt");
  file.append(bytes.data(), bytes.size());
  return read_torch_checkpoint(file, only);
}

const Array& named(const std::vector<NamedArray>& all, const std::string& path) {
  for (const NamedArray& one : all)
    if (one.path == path) return one.array;
  FAIL(path << " is missing");
  throw std::logic_error("not reached");
}

std::string refusal(const std::string& bytes, const std::string& only = "") {
  try {
    static_cast<void>(tensors_of(bytes, only));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

using Numbers = std::vector<double>;

}  // namespace

TEST_CASE("every tensor of a checkpoint, old or new, under its keys") {
  for (const char* file : {"archive.pt", "legacy.pt"}) {
    INFO(file);
    const std::vector<NamedArray> all = tensors_of(stored(file));
    CHECK(all.size() == 14);
    const auto check = [&](const std::string& name, ElementType type, const Shape& shape,
                           const Numbers& numbers) {
      INFO(name);
      const Array& array = named(all, name);
      CHECK(array.type == type);
      CHECK(array.shape == shape);
      CHECK(array.to<double>() == numbers);
    };
    Numbers eighths;
    for (int i = 0; i < 24; ++i) eighths.push_back(i / 8.0);
    const std::string at = "/state_dict/";
    check(at + "conv.weight", ElementType::float32, {2, 3, 2, 2}, eighths);
    check(at + "turned", ElementType::float32, {4, 3}, {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11});
    check(at + "part", ElementType::float32, {2}, {6, 10});
    check(at + "parameter", ElementType::float64, {2}, {0.5, -1.5});
    check(at + "half", ElementType::float32, {3}, {1, -2.5, 65504});
    check(at + "bfloat16", ElementType::float32, {3}, {1, -2.5, 65536});
    check(at + "count", ElementType::int64, {}, {-3});
    check(at + "int32", ElementType::int32, {2}, {1, -2147483648.0});
    check(at + "int16", ElementType::int16, {2}, {1, -32768});
    check(at + "int8", ElementType::int8, {2}, {-128, 127});
    check(at + "uint8", ElementType::uint8, {2}, {0, 255});
    check(at + "bool", ElementType::uint8, {2}, {1, 0});
    check(at + "empty", ElementType::float32, {0, 3}, {});
    check("/list/0", ElementType::float32, {1}, {4});
  }
}

TEST_CASE("one tensor of a checkpoint, and those that are not there") {
  const std::vector<NamedArray> one = tensors_of(stored("archive.pt"), "/state_dict/part");
  REQUIRE(one.size() == 1);
  CHECK(one[0].array.to<double>() == Numbers{6, 10});
  CHECK(refusal(stored("legacy.pt"), "/part").substr(0, 58) ==
        "f.pt: has no tensor /part, it has /state_dict/conv.weight,");
  CHECK(named(tensors_of(stored("tensor.pt")), "/x").to<double>() == Numbers{1, 2});
}

TEST_CASE("what is no tensor of real numbers is refused by its name") {
  CHECK(refusal(stored("module.pt")) ==
        "f.pt: holds a torch.nn.modules.linear.Linear, tensors and dictionaries of them are read; "
        "of a model, its state_dict()");
  CHECK(refusal(stored("sparse.pt")).substr(0, 52) ==
        "f.pt: holds a torch._utils._rebuild_sparse_tensor, t");
  CHECK(refusal(stored("complex.pt")).substr(0, 54) ==
        "f.pt: /x is of the type torch.ComplexFloatStorage; ten");
}

TEST_CASE("a checkpoint that is cut short or changed anywhere is an error or other numbers") {
  set_messages("pushforward", true, false);
  for (const char* file : {"archive.pt", "legacy.pt"}) {
    const std::string whole = stored(file);
    for (std::size_t size = 15; size < whole.size(); ++size) {
      INFO(file << " of " << size << " bytes");
      CHECK(refusal(whole.substr(0, size)).substr(0, 6) == "f.pt: ");
    }
    for (std::size_t at = 0; at < whole.size(); ++at)
      for (const int flip : {1, 128, 255}) {
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ flip);
        CHECK_NOTHROW(static_cast<void>(refusal(bytes)));
      }
  }
  set_messages("pushforward", false, false);
}

TEST_CASE("a pickle is data: calls are kept and never made") {
  // What would run a command if it were unpickled.
  const std::string bytes(
      "\x80\x02"
      "cos\nsystem\nX\x02\0\0\0ls\x85R.rest",
      27);
  const Pickle pickle = read_pickle(bytes, "f");
  CHECK(pickle.size == 23);
  const PickleNode* call = pickle_node(pickle.value, PickleNode::Kind::call);
  REQUIRE(call != nullptr);
  CHECK(call->function->text == "os.system");
  CHECK(pickle_node(call->arguments->items.at(0), PickleNode::Kind::text)->text == "ls");
}

TEST_CASE("numbers of a pickle") {
  const auto integer = [](const std::string& code) {
    return std::get<std::int64_t>(read_pickle("\x80\x02" + code + ".", "f").value);
  };
  CHECK(integer("K\xff") == 255);
  CHECK(integer("M\x01\x02") == 513);
  CHECK(integer("J\xfe\xff\xff\xff") == -2);
  CHECK(integer(std::string("\x8a\0", 2)) == 0);
  CHECK(integer("\x8a\x01\x80") == -128);
  CHECK(integer(std::string("\x8a\x02\xff\0", 4)) == 255);
  const std::string bytes("\x80\x02G\xbf\xf8\0\0\0\0\0\0.", 12);
  CHECK(std::get<double>(read_pickle(bytes, "f").value) == -1.5);
}

TEST_CASE("a pickle that makes no sense says where") {
  const auto complaint_of = [](const std::string& bytes) {
    return complaint([&] { static_cast<void>(read_pickle(bytes, "f")); });
  };
  CHECK(complaint_of("\x80\x02") == "f: is damaged: its pickle is cut short at byte 2");
  CHECK(complaint_of("\x80\x02.") == "f: is damaged: its pickle takes what is not there at byte 3");
  CHECK(complaint_of("\x80\x02Na.") ==
        "f: is damaged: its pickle takes what is not there at byte 4");
  CHECK(complaint_of("\x80\x02h\x05.") ==
        "f: is damaged: its pickle refers to what is not there at byte 4");
  CHECK(complaint_of("\x80\x09.") == "f: is a pickle of protocol 9, 2 to 5 are read");
  CHECK(complaint_of("\x80\x02\xff.") ==
        "f: is damaged: its pickle holds an operation that is not read at byte 3");
}

TEST_CASE("a checkpoint that refers to itself ends") {
  // A list that holds itself nine times: 9^32 visits.
  const std::string list =
      "]q\x01(h\x01h\x01h\x01h\x01h\x01h\x01h\x01h\x01h\x01"
      "e";
  const std::string head(stored("legacy.pt").substr(0, 15));
  const std::string version("\x80\x02M\xe9\x03.", 6), nothing = "\x80\x02}.";
  CHECK(refusal(head + version + nothing + "\x80\x02" + list + ".\x80\x02].") ==
        "f.pt: is damaged: it refers to itself again and again");
}
