#include <algorithm>
#include <cub/device/device_radix_sort.cuh>

#include "esmm/ops/cuda/grid_threads.h"
#include "esmm/ops/cuda/sorted_ids_cuda.h"

namespace esmm::ops::cuda {
namespace {

// One thread for each id of a part.
__global__ void make_items(GridPart part, GridItems items, int64_t first_id, int64_t first_bag) {
  const int64_t i = thread_index(blockIdx.x, threadIdx.x);
  if (i < part.ids) make_item(part, items, first_id, first_bag, i);
}

}  // namespace

cudaError_t SortedIds::take_space(const Update& update, Space& space) {
  for (auto* arrays : {rows_, entries_}) {
    for (int k = 0; k < 2; ++k) arrays[k] = space.take<uint32_t>(update.parts.ids);
  }
  if (update.parts.weighted) {
    bags_ = space.take<uint32_t>(update.parts.ids);
    weights_ = space.take<float>(update.parts.ids);
  }
  cub::DoubleBuffer<uint32_t> rows(rows_[0], rows_[1]), entries(entries_[0], entries_[1]);
  const cudaError_t error =
      cub::DeviceRadixSort::SortPairs(nullptr, sort_bytes_, rows, entries, static_cast<int>(update.parts.ids),
                                      0, row_bits(update.table_rows));
  sort_bytes_ = std::max<size_t>(sort_bytes_, 1);  // none would ask for the size again
  sort_space_ = space.take<char>(static_cast<int64_t>(sort_bytes_));
  return error;
}

cudaError_t SortedIds::sort(const Update& update, cudaStream_t stream) {
  const GridItems items{rows_[0], entries_[0], bags_, weights_, static_cast<uint32_t>(update.table_rows)};
  update.parts.each([&](const GridPart& part, int64_t first_id, int64_t first_bag) {
    if (part.ids == 0) return;
    make_items<<<blocks_for(part.ids, 1), kBlockThreads, 0, stream>>>(part, items, first_id, first_bag);
  });
  if (const cudaError_t made = cudaGetLastError(); made != cudaSuccess) return made;
  cub::DoubleBuffer<uint32_t> rows(rows_[0], rows_[1]), entries(entries_[0], entries_[1]);
  const cudaError_t error = cub::DeviceRadixSort::SortPairs(sort_space_, sort_bytes_, rows, entries,
                                                            static_cast<int>(update.parts.ids), 0,
                                                            row_bits(update.table_rows), stream);
  if (rows.selector != 0) std::swap(rows_[0], rows_[1]);
  if (entries.selector != 0) std::swap(entries_[0], entries_[1]);
  return error;
}

GridIds SortedIds::ids(const Update& update) const {
  return {
      {rows_[0], update.parts.ids, static_cast<uint32_t>(update.table_rows)}, entries_[0], bags_, weights_};
}

}  // namespace esmm::ops::cuda
