#include "graph/onednn_module.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace pushforward {
namespace onednn {
namespace {

constexpr const char* file = "pushforward-onednn.so";

// Never closed: threads keep what oneDNN made for them until they end. Null where it cannot be
// loaded; why is told once, so it is kept.
struct Module {
  void* const handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  const std::string complaint = handle == nullptr ? dlerror() : "";
};

}  // namespace

void* function(const std::string& name) {
  static const Module module;
  if (module.handle == nullptr) fail_not_found("oneDNN cannot be loaded: " + module.complaint);
  void* const found = dlsym(module.handle, name.c_str());
  if (found == nullptr) fail_not_found(std::string(file) + ": has no " + name);
  return found;
}

}  // namespace onednn
}  // namespace pushforward
