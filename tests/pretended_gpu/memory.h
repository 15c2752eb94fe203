#pragma once

#include <c10/core/Allocator.h>
#include <torch/types.h>

// The pretended GPU's memory. Its addresses are no use to the host, as a GPU's are not: whoever reads or
// writes there crashes. The same bytes have a second address, for what stands in for kernels. Memory that
// nobody has written to is full of kRubbish: NaN in floats, -1 in integers.
namespace esmm::test::pretended_gpu {

inline const torch::Device kGpu{torch::kCUDA, 0};

inline constexpr int kRubbish = 0xFF;

c10::Allocator& allocator();

// Where the byte at an address of the GPU's memory lies for the host; null for null. Throws c10::Error for
// any other address.
void* host_address(const void* on_gpu);

// The GPU's tensor as a tensor of the CPU, of the same bytes. It keeps nothing alive. One without memory has
// none there either, and may be given a size.
torch::Tensor on_host(const torch::Tensor& on_gpu);

}  // namespace esmm::test::pretended_gpu
