#include "io/npz.hpp"

#include <deque>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "io/checks.hpp"
#include "io/npy.hpp"
#include "io/zip.hpp"

namespace pushforward {
namespace {

const NpyRefusal not_an_array{"no array", "is not an NPY array"};

}  // namespace

std::vector<NamedArray> read_npz(const InputFile& file, const std::string& only) {
  std::vector<NamedArray> result;
  std::vector<std::string> passed_over;
  std::string names, refusal;
  const ZipReader archive(file);
  for (std::size_t i = 0; i < archive.names().size(); ++i) {
    const std::string& member = archive.names()[i];
    std::string path = member;
    if (path.size() > 4 && path.compare(path.size() - 4, 4, ".npy") == 0)
      path.resize(path.size() - 4);
    if (path.empty() || path.back() == '/') continue;  // a folder
    if (names.size() < 60) names += (names.empty() ? "/" : ", /") + path;
    if (!only.empty() && only != "/" + path) continue;
    require_plain_path(member, file.name());
    require_plain_path(path, file.name());
    const std::string name = file.name() + ": " + path;
    const std::string bytes = archive.read(i);
    const bool array = path != member || is_npy(bytes);
    const NpyRefusal no = array ? npy_refusal(bytes, name) : not_an_array;
    if (!only.empty() || no.kind.empty()) {
      result.push_back({"/" + path, read_npy(bytes, name), {}});
      continue;
    }
    passed_over.push_back("/" + path + " (" + no.kind + ")");
    if (refusal.empty()) refusal = name + ": " + no.reason;
  }
  if (names.empty()) fail_invalid(file.name() + ": holds no arrays");
  if (result.empty() && !only.empty())
    fail_not_found(file.name() + ": has no array " + only + ", it has " + names);
  if (result.empty()) fail_invalid(refusal);
  if (!passed_over.empty()) warn(not_passed_on(file.name(), passed_over));
  return result;
}

void write_npz(const std::string& file, const std::vector<NamedArray>& arrays) {
  std::deque<std::string> headers;  // a deque, so that they do not move
  std::vector<ZipMember> members;
  for (const NamedArray& one : arrays) {
    const std::string& header = headers.emplace_back(npy_header(one.array.type, one.array.shape));
    members.push_back(
        {one.path.substr(1) + ".npy",
         {{header.data(), header.size()}, {one.array.bytes.data(), one.array.bytes.size()}}});
  }
  write_zip(file, members);
}

}  // namespace pushforward
