#include "graph/onednn_module.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace pushforward {
namespace onednn {
namespace {

constexpr const char* file = "pushforward-onednn.so";

// Never closed: threads keep what oneDNN made for them until they end.
void* module() {
  static void* const opened = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (opened == nullptr) fail_not_found("oneDNN cannot be loaded: " + std::string(dlerror()));
  return opened;
}

}  // namespace

void* function(const std::string& name) {
  void* const found = dlsym(module(), name.c_str());
  if (found == nullptr) fail_not_found(std::string(file) + ": has no " + name);
  return found;
}

}  // namespace onednn
}  // namespace pushforward
