#include "esmm/train/batches/device_feed.h"

#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <utility>

namespace esmm::train {

TensorBatch FedBatch::take() && {
  if (!there) return std::move(batch);
  const c10::impl::VirtualGuardImpl device(there->device_type());
  const c10::Stream stream = device.getStream(batch.click.device());
  there->block(stream);
  // The memory is not given to others until this stream is done with it.
  return batch.with_each([&](const torch::Tensor& tensor) {
    tensor.record_stream(stream);
    return tensor;
  });
}

DeviceFeed::DeviceFeed(const torch::Device& device) : device_(device) {
  if (device.is_cuda())
    stream_ =
        c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device, /*isHighPriority=*/false);
}

FedBatch DeviceFeed::operator()(const TensorBatch& on_host) const {
  if (!stream_) return {.batch = on_host.to(device_), .there = std::nullopt};
  return make([&] {
    return on_host.with_each(
        [&](const torch::Tensor& tensor) { return tensor.pin_memory().to(device_, /*non_blocking=*/true); });
  });
}

void DeviceFeed::wait() const {
  if (stream_) stream_->synchronize();
}

FedBatch DeviceFeed::make(const std::function<TensorBatch()>& make) const {
  if (!stream_) return {.batch = make(), .there = std::nullopt};
  const c10::StreamGuard guard(*stream_);
  FedBatch fed{.batch = make(), .there = c10::Event(device_.type())};
  fed.there->record(*stream_);
  return fed;
}

void StepsAhead::begin(const torch::Device& device) {
  if (device.is_cpu()) return;
  begun_.emplace_back(device.type()).record(c10::impl::VirtualGuardImpl(device.type()).getStream(device));
  if (begun_.size() < kMost) return;
  begun_.front().synchronize();
  begun_.pop_front();
}

}  // namespace esmm::train
