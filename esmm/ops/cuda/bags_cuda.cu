#include "esmm/ops/cuda/cuda_kernels.h"
#include "esmm/ops/cuda/grid_bags.h"
#include "esmm/ops/cuda/grid_threads.h"

namespace esmm::ops::cuda {
namespace {

// A group of `lanes` threads for each bag.
template <int kW, class E, class Out>
__global__ void __launch_bounds__(kBlockThreads)
    sum_bags(const __grid_constant__ GridBags<E, Out> bags, int64_t count, int lanes) {
  sum_bags_of_thread<kW>(bags, count, thread_index(blockIdx.x, threadIdx.x), lanes);
}

template <class E, class Out>
cudaError_t launch(const LookUp& from, cudaStream_t stream) {
  const GridBags<E, Out> bags{
      static_cast<const E*>(from.table), from.dimension, from.rows, from.offsets, from.weights,
      static_cast<Out*>(from.out)};
  const Array arrays[] = {{from.table, sizeof(E)}, {from.out, sizeof(Out)}};
  const int width = width_for(from.dimension, arrays), lanes = lanes_for(from.dimension, width);
  const uint32_t blocks = blocks_for(from.bags, lanes);
  if (blocks == 0) return cudaSuccess;
  switch (width) {
    case 4:
      sum_bags<4><<<blocks, kBlockThreads, 0, stream>>>(bags, from.bags, lanes);
      break;
    case 2:
      sum_bags<2><<<blocks, kBlockThreads, 0, stream>>>(bags, from.bags, lanes);
      break;
    default:
      sum_bags<1><<<blocks, kBlockThreads, 0, stream>>>(bags, from.bags, lanes);
  }
  return cudaGetLastError();
}

}  // namespace

cudaError_t look_up(const LookUp& from, cudaStream_t stream) {
  if (from.table_type == Number::float32) {
    return from.out_type == Number::float32 ? launch<float, float>(from, stream)
                                            : launch<float, Bfloat16>(from, stream);
  }
  return from.out_type == Number::float32 ? launch<Bfloat16, float>(from, stream)
                                          : launch<Bfloat16, Bfloat16>(from, stream);
}

}  // namespace esmm::ops::cuda
