#include "esmm/ops/cuda_library.h"

#include <dlfcn.h>

#include "esmm/core/error.h"

namespace esmm::ops {
namespace {

constexpr const char* kLibrary = "libesmm_cuda.so";

struct Loaded {
  const Kernels* kernels = nullptr;
  std::string why_not;
};

Loaded load() {
  if (::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) return {.why_not = ::dlerror()};
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return {.why_not = ::dlerror()};
  void* const kernels = ::dlsym(library, "esmm_cuda_kernels");
  if (kernels == nullptr) return {.why_not = ::dlerror()};
  return {reinterpret_cast<const Kernels* (*)()>(kernels)(), {}};
}

const Loaded& loaded() {
  static const Loaded result = load();
  return result;
}

}  // namespace

const std::string& load_cuda() { return loaded().why_not; }

const Kernels& cuda_kernels() {
  if (loaded().kernels != nullptr) return *loaded().kernels;
  throw Error({.what = "CUDA's kernels cannot be loaded",
               .where = kLibrary,
               .got = load_cuda(),
               .hint = "run scripts/setup.sh --cuda, then scripts/build.sh; or use the CPU"});
}

}  // namespace esmm::ops
