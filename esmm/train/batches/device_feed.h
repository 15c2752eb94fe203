#pragma once

#include <c10/core/Event.h>
#include <c10/core/Stream.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>

#include "esmm/model/tensor_batch.h"

namespace esmm::train {

// A batch on its way to a device.
struct FedBatch {
  TensorBatch batch;
  std::optional<c10::Event> there;  // none: it is there

  // The batch, for what is put on the calling thread's current stream of its device from now on. Waits for
  // nothing.
  TensorBatch take() &&;
};

// Moves batches to a device, from any thread. To a GPU they go through pinned memory, on a stream of their
// own: copies run beside the steps of training, and neither the host nor the training waits for one that is
// made ahead.
class DeviceFeed {
 public:
  explicit DeviceFeed(const torch::Device& device);

  FedBatch operator()(const TensorBatch& on_host) const;
  // A batch that make() puts together on the device: what it asks of a GPU goes onto the same stream.
  FedBatch make(const std::function<TensorBatch()>& make) const;
  // Until all that was asked of the stream is done.
  void wait() const;

 private:
  torch::Device device_;
  std::optional<c10::Stream> stream_;  // none: the CPU
};

// Keeps the host near a GPU: the memory of a batch is its own until its step is done.
class StepsAhead {
 public:
  // Before a step's work is put on the calling thread's current stream of the device. Waits until fewer than
  // kMost steps that were put there are left to do.
  void begin(const torch::Device& device);

 private:
  static constexpr size_t kMost = 8;
  std::deque<c10::Event> begun_;
};

}  // namespace esmm::train
