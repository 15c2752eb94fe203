#include "tests/pretended_gpu/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <new>

namespace esmm::test::pretended_gpu {
namespace {

struct Block {
  char* host;
  size_t bytes;
};

// All memory that is taken, by its address on the GPU.
class Blocks {
 public:
  void* take(size_t bytes) {
    void* const host = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (host == MAP_FAILED) throw std::bad_alloc();
    void* const on_gpu = ::mremap(host, 0, bytes, MREMAP_MAYMOVE);  // the same pages once more
    if (on_gpu == MAP_FAILED || ::mprotect(on_gpu, bytes, PROT_NONE) != 0) throw std::bad_alloc();
    std::memset(host, kRubbish, bytes);
    const std::lock_guard lock(mutex_);
    blocks_.emplace(static_cast<const char*>(on_gpu), Block{static_cast<char*>(host), bytes});
    return on_gpu;
  }

  void give_back(void* on_gpu) {
    const std::lock_guard lock(mutex_);
    const auto block = blocks_.find(static_cast<const char*>(on_gpu));
    make_unusable(block->second.host, block->second.bytes);
    make_unusable(on_gpu, block->second.bytes);
    blocks_.erase(block);
  }

  void* host_address(const void* on_gpu) {
    const auto* const address = static_cast<const char*>(on_gpu);
    const std::lock_guard lock(mutex_);
    const auto after = blocks_.upper_bound(address);
    TORCH_CHECK(after != blocks_.begin(), "pretended GPU: no memory at ", on_gpu);
    const auto& [begin, block] = *std::prev(after);
    TORCH_CHECK(address <= begin + block.bytes, "pretended GPU: no memory at ", on_gpu);
    return block.host + (address - begin);
  }

 private:
  // Nobody gets these addresses again, so that whoever still uses them crashes.
  static void make_unusable(void* address, size_t bytes) {
    ::mmap(address, bytes, PROT_NONE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }

  std::mutex mutex_;
  std::map<const char*, Block, std::less<>> blocks_;
};

Blocks& blocks() {
  static Blocks* const all = new Blocks;  // tensors may outlive what is destroyed at the end
  return *all;
}

class GpuAllocator : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    if (bytes == 0) return {nullptr, kGpu};
    void* const on_gpu = blocks().take(bytes);
    return {on_gpu, on_gpu, &give_back, kGpu};
  }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    std::memcpy(blocks().host_address(to), blocks().host_address(from), bytes);
  }

 private:
  static void give_back(void* on_gpu) { blocks().give_back(on_gpu); }
};

}  // namespace

c10::Allocator& allocator() {
  static GpuAllocator* const one = new GpuAllocator;
  return *one;
}

void* host_address(const void* on_gpu) { return on_gpu == nullptr ? nullptr : blocks().host_address(on_gpu); }

torch::Tensor on_host(const torch::Tensor& on_gpu) {
  TORCH_CHECK(on_gpu.device() == kGpu, "pretended GPU: a tensor of ", on_gpu.device());
  const auto options = on_gpu.options().device(torch::kCPU).requires_grad(false);
  if (on_gpu.storage().nbytes() == 0) return torch::empty(on_gpu.sizes(), options);
  auto* const first = static_cast<char*>(host_address(on_gpu.storage().data()));
  return torch::from_blob(first + on_gpu.storage_offset() * on_gpu.element_size(), on_gpu.sizes(),
                          on_gpu.strides(), options);
}

}  // namespace esmm::test::pretended_gpu
