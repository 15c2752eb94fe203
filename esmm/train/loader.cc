#include "esmm/train/loader.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace esmm::train {
namespace {

constexpr uint64_t kOrderStream = 0x6f72646572;

std::vector<Pooling> pooling_of(const Schema& schema) {
  std::vector<Pooling> pooling;
  for (const Field& field : schema.fields) pooling.push_back(field.pooling);
  return pooling;
}

}  // namespace

EpochOrder::EpochOrder(int64_t size, bool shuffle, uint64_t seed, int64_t epoch)
    : places_(static_cast<size_t>(size)),
      shuffle_(shuffle),
      random_(seed, mix_seed(kOrderStream, static_cast<uint64_t>(epoch))) {
  std::iota(places_.begin(), places_.end(), int64_t{0});
}

std::span<const int64_t> EpochOrder::take(int64_t count) {
  const int64_t size = static_cast<int64_t>(places_.size());
  const int64_t first = taken_;
  taken_ = std::min(first + count, size);
  for (int64_t i = first; shuffle_ && i < taken_; ++i) {
    const int64_t other = i + static_cast<int64_t>(random_.below(static_cast<uint64_t>(size - i)));
    std::swap(places_[static_cast<size_t>(i)], places_[static_cast<size_t>(other)]);
  }
  return std::span<const int64_t>(places_).subspan(static_cast<size_t>(first),
                                                   static_cast<size_t>(taken_ - first));
}

Loader::Loader(const data::Split& split, const Schema& schema, const LoaderOptions& options,
               const torch::Device& device)
    : split_(split), pooling_(pooling_of(schema)), options_(options), device_(device), thread_([this] {
        run();
      }) {}

Loader::~Loader() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  emptied_.notify_one();
  thread_.join();
}

std::optional<TensorBatch> Loader::next() {
  std::unique_lock lock(mutex_);
  filled_.wait(lock, [this] { return !ready_.empty() || finished_; });
  if (ready_.empty()) {
    if (error_) std::rethrow_exception(error_);
    return std::nullopt;
  }
  std::optional<TensorBatch> batch(std::move(ready_.front()));
  ready_.pop_front();
  lock.unlock();
  emptied_.notify_one();
  return batch;
}

void Loader::run() {
  try {
    produce();
    finish(nullptr);
  } catch (...) {
    finish(std::current_exception());
  }
}

void Loader::produce() {
  const int64_t size = split_.size();
  const int64_t steps_per_epoch = (size + options_.batch_size - 1) / options_.batch_size;
  Batch batch;
  for (int64_t step = options_.first_step; step < options_.last_step;) {
    const int64_t epoch = step / steps_per_epoch;
    EpochOrder order(size, options_.shuffle, options_.seed, epoch);
    order.take((step % steps_per_epoch) * options_.batch_size);
    const int64_t end = std::min(options_.last_step, (epoch + 1) * steps_per_epoch);
    for (; step < end; ++step) {
      split_.gather(order.take(options_.batch_size), batch);
      if (!put(to_tensors(batch, pooling_).to(device_))) return;
    }
  }
}

bool Loader::put(TensorBatch batch) {
  std::unique_lock lock(mutex_);
  emptied_.wait(lock, [this] { return stopped_ || static_cast<int64_t>(ready_.size()) < options_.ahead; });
  if (stopped_) return false;
  ready_.push_back(std::move(batch));
  lock.unlock();
  filled_.notify_one();
  return true;
}

void Loader::finish(std::exception_ptr error) {
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    error_ = std::move(error);
  }
  filled_.notify_one();
}

}  // namespace esmm::train
