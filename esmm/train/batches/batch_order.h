#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <vector>

#include "esmm/train/batches/batch_source.h"
#include "esmm/train/batches/epoch_windows.h"
#include "esmm/train/batches/loader_options.h"

namespace esmm::train {

// Which impressions the batches of a run hold, one batch after the other, with the window that comes next
// read meanwhile by a thread of its own.
class BatchOrder {
 public:
  // The source outlives the object.
  BatchOrder(const BatchSource& source, const LoaderOptions& options);
  ~BatchOrder();
  BatchOrder(const BatchOrder&) = delete;
  BatchOrder& operator=(const BatchOrder&) = delete;

  // Of the next batch: first_step at the first call. Not to be called after the last.
  std::vector<int64_t> next();

  // Makes next() return early, with less than a batch: nobody wants it any more. Thread-safe.
  void abandon() { abandoned_ = true; }

 private:
  void enter_epoch(int64_t epoch);
  void start_reading();
  void go_to_next_window();
  std::vector<int64_t> read(int64_t epoch, int64_t window, const EpochWindows& windows) const;

  const BatchSource& source_;
  LoaderOptions options_;
  int64_t steps_per_epoch_;
  int64_t step_;

  // What is read next.
  int64_t epoch_ = 0, window_ = 0;
  std::shared_ptr<const EpochWindows> windows_;
  std::atomic<bool> abandoned_ = false;  // reading may end early, with nothing
  std::future<std::vector<int64_t>> coming_;

  std::vector<int64_t> current_;  // the window's impressions in the order of visits
  int64_t taken_ = 0;             // of them
};

}  // namespace esmm::train
