#include <algorithm>
#include <cub/device/device_radix_sort.cuh>

#include "esmm/ops/sorted_ids_cuda.h"

namespace esmm::ops::cuda {
namespace {

constexpr int kThreads = 256;

// Where the items of a part go: one for each id, behind those of the parts before it.
struct Items {
  uint32_t *rows, *entries;
  uint32_t* bags;  // null: no weights
  float* weights;
  uint32_t table_rows, first_id, first_bag;
};

// One thread for each id. Places behind the last id become padding, which sorts to the end.
__global__ void make_items(Part part, Items items) {
  const int64_t i = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i >= part.ids) return;
  const bool padding = i >= part.offsets[part.bags];
  const uint32_t bag =
      padding ? 0 : items.first_bag + static_cast<uint32_t>(bag_of_place(part.offsets, part.bags, i));
  items.rows[i] = padding ? items.table_rows : static_cast<uint32_t>(part.rows[i]);
  if (items.bags == nullptr) {
    items.entries[i] = bag;
    return;
  }
  items.entries[i] = items.first_id + static_cast<uint32_t>(i);
  items.bags[i] = bag;
  items.weights[i] = part.weights == nullptr ? 1.0f : part.weights[i];
}

// Bits that tell the rows 0 .. V apart, where V stands for padding.
int row_bits(int64_t table_rows) {
  int bits = 1;
  while (bits < 32 && (table_rows >> bits) != 0) ++bits;
  return bits;
}

}  // namespace

cudaError_t SortedIds::take_space(const Update& update, Space& space) {
  for (auto* arrays : {rows_, entries_}) {
    for (int k = 0; k < 2; ++k) arrays[k] = space.take<uint32_t>(update.ids);
  }
  if (update.weighted) {
    bags_ = space.take<uint32_t>(update.ids);
    weights_ = space.take<float>(update.ids);
  }
  cub::DoubleBuffer<uint32_t> rows(rows_[0], rows_[1]), entries(entries_[0], entries_[1]);
  const cudaError_t error = cub::DeviceRadixSort::SortPairs(
      nullptr, sort_bytes_, rows, entries, static_cast<int>(update.ids), 0, row_bits(update.table_rows));
  sort_bytes_ = std::max<size_t>(sort_bytes_, 1);  // none would ask for the size again
  sort_space_ = space.take<char>(static_cast<int64_t>(sort_bytes_));
  return error;
}

cudaError_t SortedIds::sort(const Update& update, cudaStream_t stream) {
  Items items{rows_[0], entries_[0], bags_, weights_, static_cast<uint32_t>(update.table_rows), 0, 0};
  for (int k = 0; k < update.part_count; ++k) {
    const Part& part = update.parts[k];
    if (part.ids > 0) {
      make_items<<<static_cast<unsigned>((part.ids + kThreads - 1) / kThreads), kThreads, 0, stream>>>(part,
                                                                                                       items);
      if (const cudaError_t error = cudaGetLastError(); error != cudaSuccess) return error;
    }
    items.rows += part.ids;
    items.entries += part.ids;
    items.first_id += static_cast<uint32_t>(part.ids);
    items.first_bag += static_cast<uint32_t>(part.bags);
    if (items.bags != nullptr) {
      items.bags += part.ids;
      items.weights += part.ids;
    }
  }
  cub::DoubleBuffer<uint32_t> rows(rows_[0], rows_[1]), entries(entries_[0], entries_[1]);
  const cudaError_t error =
      cub::DeviceRadixSort::SortPairs(sort_space_, sort_bytes_, rows, entries, static_cast<int>(update.ids),
                                      0, row_bits(update.table_rows), stream);
  if (rows.selector != 0) std::swap(rows_[0], rows_[1]);
  if (entries.selector != 0) std::swap(entries_[0], entries_[1]);
  return error;
}

GridIds SortedIds::ids(const Update& update) const {
  return {{rows_[0], update.ids, static_cast<uint32_t>(update.table_rows)}, entries_[0], bags_, weights_};
}

}  // namespace esmm::ops::cuda
