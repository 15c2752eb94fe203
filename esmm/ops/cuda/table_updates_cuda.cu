#include <utility>

#include "esmm/ops/cuda/grid_threads.h"
#include "esmm/ops/cuda/lane_group.h"
#include "esmm/ops/cuda/sorted_ids_cuda.h"

namespace esmm::ops::cuda {
namespace {

struct Warp {
  __device__ int place() const { return static_cast<int>(threadIdx.x) % kWarpLanes; }
  __device__ float across(unsigned mask, float x, int to) const { return __shfl_xor_sync(mask, x, to); }
  __device__ void wait(unsigned mask) const { __syncwarp(mask); }
};

// This thread's group.
__device__ int64_t my_group(int lanes) { return group_index(blockIdx.x, threadIdx.x, lanes); }

template <int kW, class Rule, class E>
__global__ void __launch_bounds__(kBlockThreads)
    update_pieces(const __grid_constant__ GridUpdate<Rule, E> update, int lanes) {
  update_piece<kW>(update, LaneGroup<Warp, false>(Warp(), lanes), my_group(lanes));
}

template <int kW, class Rule, class E>
__global__ void __launch_bounds__(kBlockThreads)
    update_split_runs(const __grid_constant__ GridUpdate<Rule, E> update, int lanes) {
  update_split_run<kW>(update, LaneGroup<Warp, true>(Warp(), lanes), my_group(kWarpLanes));
}

template <int kW, class Rule, class E>
__global__ void __launch_bounds__(kBlockThreads)
    update_rest_of_rows(const __grid_constant__ GridUpdate<Rule, E> update, int64_t rows, int lanes) {
  const int64_t row = my_group(lanes);
  if (row < rows) update_rest<kW>(update, LaneGroup<Warp, false>(Warp(), lanes), row);
}

template <class Step>
__global__ void put(const __grid_constant__ Step step, Step* to) {
  *to = step;
}

// One thread for each bag of a part.
__global__ void fill_shares(GridPart part, Share<float>* shares) {
  const int64_t bag = thread_index(blockIdx.x, threadIdx.x);
  if (bag < part.bags) shares[bag] = share_of_bag(part, bag);
}

template <int kW, class Rule, class E>
cudaError_t launch(const GridUpdate<Rule, E>& grid, int64_t table_rows, cudaStream_t stream) {
  const int lanes = lanes_for(grid.dimension, kW);
  const int64_t ids = grid.ids.sorted.count;
  if (Rule::kMovesAll) {
    if (const cudaError_t error = cudaMemsetAsync(grid.touched, 0, static_cast<size_t>(table_rows), stream);
        error != cudaSuccess)
      return error;
  }
  if (ids > 0) {
    update_pieces<kW><<<blocks_for(ids, lanes), kBlockThreads, 0, stream>>>(grid, lanes);
    update_split_runs<kW><<<blocks_for(tiles_of(ids), kWarpLanes), kBlockThreads, 0, stream>>>(grid, lanes);
  }
  if constexpr (Rule::kMovesAll)
    update_rest_of_rows<kW>
        <<<blocks_for(table_rows, lanes), kBlockThreads, 0, stream>>>(grid, table_rows, lanes);
  return cudaGetLastError();
}

int width_of(const Update& update) {
  const auto bytes = [](Number type) { return type == Number::float32 ? 4 : 2; };
  Array arrays[4 + kMostGradientParts] = {{update.table, bytes(update.table_type)}};
  for (int k = 0; k < 3; ++k) arrays[1 + k] = {update.state[k], 4};
  for (int k = 0; k < kMostGradientParts; ++k)  // null where there are fewer
    arrays[4 + k] = {update.parts.parts[k].gradient, bytes(update.gradient_type)};
  return width_for(update.dimension, arrays);
}

struct UpdateSpace {
  SortedIds ids;
  float* sums = nullptr;
  uint8_t* touched = nullptr;
  Share<float>*shares = nullptr, *piece_shares = nullptr;
  void* options = nullptr;

  cudaError_t take(const Update& update, Space& space) {
    const int64_t pieces = 2 * tiles_of(update.parts.ids);
    sums = space.take<float>(pieces * update.dimension);
    options = space.take<char>(kOptionsBytes);
    if (update.rule == UpdateRule::adam) touched = space.take<uint8_t>(update.table_rows);
    if (update.parts.shared) {
      shares = space.take<Share<float>>(update.parts.bags);
      piece_shares = space.take<Share<float>>(pieces);
    }
    return update.parts.ids > 0 ? ids.take_space(update, space) : cudaSuccess;
  }

  cudaError_t fill(const Update& update, cudaStream_t stream) {
    if (update.parts.ids == 0) return cudaSuccess;
    update.parts.each([&](const GridPart& part, int64_t, int64_t first_bag) {
      if (!update.parts.shared || part.bags == 0) return;
      fill_shares<<<blocks_for(part.bags, 1), kBlockThreads, 0, stream>>>(part, shares + first_bag);
    });
    const cudaError_t error = cudaGetLastError();
    return error == cudaSuccess ? ids.sort(update, stream) : error;
  }
};

template <class Rule, class E>
cudaError_t move_rows(const Update& update, const void* options, const UpdateSpace& space,
                      cudaStream_t stream) {
  GridUpdate<Rule, E> grid{static_cast<const GridStep<Rule>*>(options),
                           static_cast<E*>(update.table),
                           update.dimension,
                           {update.state[0], update.state[1]},
                           update.state[Rule::kElementState],
                           space.touched,
                           space.ids.ids(update),
                           gradient_of(update.parts, update.gradient_type == Number::bfloat16),
                           space.sums,
                           space.shares,
                           space.piece_shares};
  switch (width_of(update)) {
    case 4:
      return launch<4>(grid, update.table_rows, stream);
    case 2:
      return launch<2>(grid, update.table_rows, stream);
    default:
      return launch<1>(grid, update.table_rows, stream);
  }
}

}  // namespace

cudaError_t update_space(const Update& update, size_t& bytes) {
  Space space(nullptr);
  const cudaError_t error = UpdateSpace().take(update, space);
  bytes = space.used();
  return error;
}

cudaError_t put_options(UpdateRule rule, const UpdateOptions& options, void* on_device, cudaStream_t stream) {
  with_element_rule<float>(rule, options, [&](const auto& of_rule) {
    using Step = GridStep<std::decay_t<decltype(of_rule)>>;
    static_assert(sizeof(Step) <= kOptionsBytes);
    put<<<1, 1, 0, stream>>>(Step(options), static_cast<Step*>(on_device));
  });
  return cudaGetLastError();
}

cudaError_t update(const Update& update, void* memory, cudaStream_t stream) {
  Space space(memory);
  UpdateSpace of_update;
  cudaError_t error = of_update.take(update, space);
  if (error == cudaSuccess) error = of_update.fill(update, stream);
  const void* options = update.options.on_device;
  if (error == cudaSuccess && options == nullptr) {
    error = put_options(update.rule, update.options, of_update.options, stream);
    options = of_update.options;
  }
  if (error != cudaSuccess) return error;
  with_element_rule<float>(update.rule, update.options, [&](const auto& rule) {
    using Rule = std::decay_t<decltype(rule)>;
    error = update.table_type == Number::float32
                ? move_rows<Rule, float>(update, options, of_update, stream)
                : move_rows<Rule, Bfloat16>(update, options, of_update, stream);
  });
  return error;
}

}  // namespace esmm::ops::cuda
