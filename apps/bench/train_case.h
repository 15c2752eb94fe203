#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "apps/bench/train_batches.h"
#include "esmm/model/tensor_batch.h"

namespace esmm::bench {

struct NetworkSizes {
  int64_t dimension = 16;                     // D
  std::vector<int64_t> layers{360, 200, 80};  // of each of the two towers
  int64_t inputs() const { return kFields * dimension; }
};

// A batch as LibTorch's own modules take it.
struct StockBatch {
  torch::Tensor ids, offsets;       // int64 [N], [B * F]
  torch::Tensor click, conversion;  // float [B]
};

// What the systems of a case share: its batches, in memory.
struct TrainCase {
  BatchShape shape;
  NetworkSizes sizes;
  std::vector<TensorBatch> batches;
  std::vector<TensorBatch>
      users_apart;  // the same, users' fields once; empty where a user has one impression
  std::vector<StockBatch> stock_batches;
  torch::Device device = torch::kCPU;  // of all tensors
};
TrainCase make_case(const BatchShape& shape, const NetworkSizes& sizes, const std::vector<Batch>& batches,
                    const torch::Device& device = torch::kCPU);

// One step of a training on a batch of its case, by place.
using Step = std::function<void(size_t place)>;

}  // namespace esmm::bench
