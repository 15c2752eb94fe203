#include "esmm/ops/cuda_kernels.h"
#include "esmm/ops/grid_bags.h"

namespace esmm::ops::cuda {
namespace {

constexpr int kThreads = 256;

// A group of `lanes` threads for each bag.
template <int kW, class E, class Out>
__global__ void __launch_bounds__(kThreads)
    sum_bags(const __grid_constant__ GridBags<E, Out> bags, int64_t count, int lanes) {
  const int64_t thread = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  const int64_t bag = thread / lanes;
  if (bag >= count) return;
  for (int64_t column = thread % lanes * kW; column < bags.dimension; column += int64_t{lanes} * kW)
    sum_bag<kW>(bags, bag, column);
}

template <class E, class Out>
cudaError_t launch(const LookUp& from, cudaStream_t stream) {
  const GridBags<E, Out> bags{
      static_cast<const E*>(from.table), from.dimension, from.rows, from.offsets, from.weights,
      static_cast<Out*>(from.out)};
  const Array arrays[] = {{from.table, sizeof(E)}, {from.out, sizeof(Out)}};
  const int width = width_for(from.dimension, arrays), lanes = lanes_for(from.dimension, width);
  const auto blocks = static_cast<unsigned>((from.bags * lanes + kThreads - 1) / kThreads);
  if (blocks == 0) return cudaSuccess;
  switch (width) {
    case 4:
      sum_bags<4><<<blocks, kThreads, 0, stream>>>(bags, from.bags, lanes);
      break;
    case 2:
      sum_bags<2><<<blocks, kThreads, 0, stream>>>(bags, from.bags, lanes);
      break;
    default:
      sum_bags<1><<<blocks, kThreads, 0, stream>>>(bags, from.bags, lanes);
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
