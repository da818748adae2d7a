#include "io/hdf5_catalog.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <set>

#include "base/error.hpp"
#include "io/catalog_codec.hpp"
#include "io/guarded.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/hdf5_dataset.hpp"
#include "io/hdf5_file_driver.hpp"
#include "io/memory.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_objects = 1000000;
constexpr std::size_t max_names = std::size_t{1} << 28;  // bytes of all paths together
constexpr std::size_t objects_per_second = 100;          // a lower bound for any machine

struct Link {
  std::string name;
  H5L_type_t type;
  haddr_t address;  // of the object that a hard link names
};

extern "C" herr_t collect_link(hid_t, const char* name, const H5L_info_t* info, void* links) {
  try {
    static_cast<std::vector<Link>*>(links)->push_back({name, info->type, info->u.address});
    return 0;
  } catch (const std::bad_alloc&) {
    note_lack_of_memory();
    return -1;
  }
}

class Walk {
 public:
  Walk(Catalog* catalog, DescriptorFile* file, std::string name)
      : catalog_(catalog), file_(file), name_(std::move(name)) {}

  void root(hid_t file) {
    const Hdf5Object root(H5Oopen(file, "/", H5P_DEFAULT));
    H5O_info_t info{};
    if (!root || H5Oget_info2(root.get(), &info, H5O_INFO_BASIC) < 0)
      refuse("/", "is damaged: it cannot be opened");
    attributes(root.get(), "/");
    members(root.get(), "/", info.addr);
  }

 private:
  // Visits everything in the group at this address.
  void members(hid_t group, const std::string& path, haddr_t address) {
    if (around_.size() > max_depth) refuse(path, "lies more than 64 groups deep");
    around_.push_back(address);
    std::vector<Link> links;
    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collect_link, &links) < 0)
      refuse(path, "is damaged: its members cannot be listed");
    for (const Link& link : links) {
      const std::string member = (path == "/" ? path : path + "/") + link.name;
      if (link.type == H5L_TYPE_SOFT)
        refuse(member, "is a soft link, which is not followed; copy the data to this place");
      if (link.type == H5L_TYPE_EXTERNAL)
        refuse(member,
               "is a link to another file, which is not followed; copy the data into "
               "this one");
      if (link.type != H5L_TYPE_HARD) refuse(member, "is a link of an unknown kind");
      object(group, link, member);
    }
    around_.pop_back();
  }

  void object(hid_t parent, const Link& link, const std::string& path) {
    if (catalog_->size() > max_objects) refuse(path, "is one of more than 1000000 objects");
    if ((names_ += path.size()) > max_names)
      refuse(path, "is one of objects whose names are longer than 256 MiB together");
    const auto known = datasets_.find(link.address);
    if (known != datasets_.end()) return another_name(path, known->second);
    // Only new objects are granted time, not further names of one group.
    if (visited_.insert(link.address).second && visited_.size() % objects_per_second == 0)
      grant_seconds(1);
    const Hdf5Object object(H5Oopen(parent, link.name.c_str(), H5P_DEFAULT));
    H5O_info_t info{};
    if (!object || H5Oget_info2(object.get(), &info, H5O_INFO_BASIC) < 0)
      refuse(path, "is damaged: it cannot be opened");
    if (info.type == H5O_TYPE_GROUP) {
      attributes(object.get(), path);
      if (std::count(around_.begin(), around_.end(), info.addr) == 0)
        members(object.get(), path, info.addr);
    } else if (info.type == H5O_TYPE_DATASET) {
      attributes(object.get(), path);
      describe_dataset(object.get(), path, name_, file_, &(*catalog_)[path]);
      datasets_.emplace(info.addr, path);
    }
  }

  void another_name(const std::string& path, const std::string& first) {
    StoredObject& entry = (*catalog_)[path] = catalog_->at(first);
    if (entry.dataset) entry.dataset->info.path = path;
    if (entry.texts) entry.texts->info.path = path;
  }

  void attributes(hid_t object, const std::string& path) {
    (*catalog_)[path].attributes = read_attributes(object, name_ + ": " + path);
  }

  [[noreturn]] void refuse(const std::string& path, const std::string& reason) const {
    refuse_object(name_, path, reason);
  }

  Catalog* catalog_;
  DescriptorFile* file_;
  std::string name_;
  std::vector<haddr_t> around_;              // the groups that enclose the current object
  std::set<haddr_t> visited_;                // all objects seen
  std::map<haddr_t, std::string> datasets_;  // the first path of each dataset
  std::size_t names_ = 0;
};

Catalog walk_file(const InputFile& input, DescriptorFile* file) {
  file->descriptor = input.descriptor();
  file->size = input.size();
  const Hdf5Properties access = descriptor_access(file);
  const Hdf5File opened(H5Fopen("input", H5F_ACC_RDONLY, access.get()));
  if (!opened) fail_invalid(input.name() + ": is damaged: the HDF5 library cannot open it");
  Catalog catalog;
  Walk(&catalog, file, input.name()).root(opened.get());
  return catalog;
}

// Runs in the child. Failures of the system are told apart from damage, which HDF5 does not do.
std::string read_encoded(const InputFile& input) {
  DescriptorFile file;
  MemoryBudget budget((std::uint64_t{1} << 28) + 8 * input.size());
  bool short_of_memory = false;
  std::string damage;
  try {
    return encode_catalog(walk_file(input, &file));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::invalid) throw;
    short_of_memory = hdf5_ran_out_of_memory();
    damage = error.what();
  } catch (const std::bad_alloc&) {
    short_of_memory = true;
  }
  if (file.error != 0) fail_io(input.name() + ": cannot be read: " + std::strerror(file.error));
  if (short_of_memory && !budget.end_and_find_memory()) throw std::bad_alloc();
  if (damage.empty() || short_of_memory)
    fail_invalid(
        input.name() +
        ": wants far more memory than an intact file of its size; it is damaged, or made to "
        "do harm");
  fail_invalid(damage);
}

}  // namespace

std::string StoredAttribute::text() const {
  std::string result;
  for (std::size_t i = 0; i < lines.size(); ++i) result += (i == 0 ? "" : " ") + lines[i];
  return result;
}

Catalog read_catalog(const InputFile& file) {
  prepare_hdf5();  // once here, not in every child
  // An intact file takes milliseconds; on some damaged ones HDF5 loops for ever.
  const auto seconds = static_cast<unsigned>(3 + file.size() / 50000000);
  return decode_catalog(run_guarded([&] { return read_encoded(file); }, file.name(),
                                    "is damaged: the HDF5 library cannot read it", seconds));
}

}  // namespace pushforward
