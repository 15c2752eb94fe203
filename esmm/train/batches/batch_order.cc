#include "esmm/train/batches/batch_order.h"

#include <algorithm>
#include <utility>

#include "esmm/core/random.h"
#include "esmm/train/batches/user_groups.h"

namespace esmm::train {
namespace {

constexpr uint64_t kGroupStream = 0x67726f7570;

}  // namespace

BatchOrder::BatchOrder(const BatchSource& source, const LoaderOptions& options)
    : source_(source),
      options_(options),
      steps_per_epoch_((source.size() + options.batch_size - 1) / options.batch_size),
      step_(options.first_step) {
  if (step_ >= options_.last_step) return;
  enter_epoch(step_ / steps_per_epoch_);
  const int64_t position = step_ % steps_per_epoch_ * options_.batch_size;
  while (windows_->start(window_ + 1) <= position) ++window_;
  const int64_t taken = position - windows_->start(window_);
  start_reading();
  go_to_next_window();
  taken_ = taken;
}

BatchOrder::~BatchOrder() { abandon(); }  // the future waits for its thread

std::vector<int64_t> BatchOrder::next() {
  const int64_t position = step_++ % steps_per_epoch_ * options_.batch_size;
  auto wanted = static_cast<size_t>(std::min(options_.batch_size, source_.size() - position));
  std::vector<int64_t> batch;
  batch.reserve(wanted);
  while (wanted > 0 && !abandoned_) {
    if (taken_ == static_cast<int64_t>(current_.size())) go_to_next_window();
    const auto rest = std::span(current_).subspan(static_cast<size_t>(taken_));
    const size_t count = std::min(wanted, rest.size());
    batch.insert(batch.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(count));
    taken_ += static_cast<int64_t>(count);
    wanted -= count;
  }
  return batch;
}

void BatchOrder::enter_epoch(int64_t epoch) {
  epoch_ = epoch;
  window_ = 0;
  windows_ = std::make_shared<const EpochWindows>(source_.size(), options_, epoch);
}

void BatchOrder::start_reading() {
  const int64_t end = (options_.last_step - epoch_ * steps_per_epoch_) * options_.batch_size;
  if (windows_->start(window_) >= end) return;  // the run ends before
  coming_ = std::async(std::launch::async, [this, epoch = epoch_, window = window_, windows = windows_] {
    return read(epoch, window, *windows);
  });
}

void BatchOrder::go_to_next_window() {
  current_ = coming_.get();
  taken_ = 0;
  if (++window_ == windows_->count()) enter_epoch(epoch_ + 1);
  start_reading();
}

std::vector<int64_t> BatchOrder::read(int64_t epoch, int64_t window, const EpochWindows& windows) const {
  for (const auto& [first, count] : windows.blocks(window)) {
    if (abandoned_) return {};
    source_.read_in(first, count);
  }
  std::vector<int64_t> impressions = windows.impressions(window);
  source_.read_in_joined(impressions);
  if (options_.impressions_per_user > 0) {
    const Random random(options_.seed,
                        mix_seed(kGroupStream, static_cast<uint64_t>(epoch)) + static_cast<uint64_t>(window));
    group_users(source_.user_hashes(impressions), options_.impressions_per_user, random, impressions);
  }
  return impressions;
}

}  // namespace esmm::train
