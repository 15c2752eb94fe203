#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "esmm/model/method.h"
#include "esmm/model/tensor_batch.h"
#include "esmm/ops/cuda/cuda_library.h"

namespace esmm::train {

// Steps of training on a GPU as one captured graph: its kernels are launched all at once, instead of each by
// the host. The first steps run as they are, which makes the memory and handles that LibTorch keeps; then one
// is captured, on a batch of its own with room for more ids and users apart, into which each later batch is
// copied; users that it lacks have empty bags and no impressions. A batch that has more than there is room
// for, or weights where the captured one has none, is captured anew; one of another size (an epoch's last)
// runs as it is.
class GraphSteps {
 public:
  using Run = std::function<LossTerms(const TensorBatch&)>;
  using Capture = std::function<std::unique_ptr<ops::Graph>(const std::function<void()>&)>;

  // run: a step, which waits for nothing and whose other inputs stay where they are.
  GraphSteps(Run run, Capture capture) : run_(std::move(run)), capture_(std::move(capture)) {}

  // The loss terms hold until the next step.
  LossTerms operator()(const TensorBatch& batch);

 private:
  struct Captured {
    TensorBatch input;
    LossTerms terms;
    std::unique_ptr<ops::Graph> graph;
  };
  void capture(const TensorBatch& batch);

  Run run_;
  Capture capture_;
  int64_t steps_ = 0, batch_size_ = 0;
  std::optional<Captured> captured_;
};

// CudaLibrary::capture for a GPU, on a stream of its own. What it gives throws Error where the body cannot be
// captured.
GraphSteps::Capture capture_on(const torch::Device& gpu);

}  // namespace esmm::train
