#include "esmm/ops/cuda/cuda_library.h"

#include <dlfcn.h>

#include "esmm/core/error.h"

namespace esmm::ops {
namespace {

constexpr const char* kLibrary = "libesmm_cuda.so";

struct Loaded {
  const CudaLibrary* content = nullptr;
  std::string why_not;
};

Loaded load() {
  if (::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) return {nullptr, ::dlerror()};
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return {nullptr, ::dlerror()};
  void* const content = ::dlsym(library, "esmm_cuda_library");
  if (content == nullptr) return {nullptr, ::dlerror()};
  return {reinterpret_cast<const CudaLibrary* (*)()>(content)(), {}};
}

const Loaded& loaded() {
  static const Loaded result = load();
  return result;
}

}  // namespace

const std::string& load_cuda() { return loaded().why_not; }

const CudaLibrary& cuda_library() {
  if (loaded().content != nullptr) return *loaded().content;
  throw Error({.what = "CUDA's kernels cannot be loaded",
               .where = kLibrary,
               .got = load_cuda(),
               .hint = "run scripts/setup.sh --cuda, then scripts/build.sh; or use the CPU"});
}

}  // namespace esmm::ops
