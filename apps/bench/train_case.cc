#include "apps/bench/train_case.h"

namespace esmm::bench {

TrainCase make_case(const BatchShape& shape, const NetworkSizes& sizes, const std::vector<Batch>& batches) {
  TrainCase made{.shape = shape, .sizes = sizes, .batches = {}, .stock_batches = {}};
  for (const Batch& batch : batches) {
    made.batches.push_back(to_tensors(batch, std::vector<Pooling>(kFields, Pooling::sum)));
    made.stock_batches.push_back({.ids = torch::tensor(batch.bags.ids).to(torch::kLong),
                                  .offsets = torch::tensor(batch.bags.offsets).slice(0, 0, -1).clone(),
                                  .click = torch::tensor(batch.click),
                                  .conversion = torch::tensor(batch.conversion)});
  }
  return made;
}

}  // namespace esmm::bench
