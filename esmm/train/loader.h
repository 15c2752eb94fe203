#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "esmm/core/random.h"
#include "esmm/data/dataset.h"
#include "esmm/model/tensor_batch.h"

namespace esmm::train {

// The order in which an epoch visits impressions 0 .. size-1: their own, or a permutation that (seed, epoch)
// alone decide (Fisher-Yates, done as far as it is asked for).
class EpochOrder {
 public:
  EpochOrder(int64_t size, bool shuffle, uint64_t seed, int64_t epoch);

  // The next `count` places, fewer at the end of the epoch. Valid as long as the object.
  std::span<const int64_t> take(int64_t count);

 private:
  std::vector<int64_t> places_;
  int64_t taken_ = 0;
  bool shuffle_;
  Random random_;
};

// Batches [first_step, last_step) of a run that starts at step 0 and goes through the split epoch by epoch.
struct LoaderOptions {
  int64_t batch_size = 0;
  int64_t first_step = 0;
  int64_t last_step = 0;
  bool shuffle = false;
  uint64_t seed = 0;
  int64_t ahead = 4;  // batches made ready before they are asked for
};

// Gathers and converts batches in a thread of its own, ahead of the one who trains. Each epoch's last batch
// may be smaller. What a batch holds depends on the options alone, not on timing. For one consumer.
class Loader {
 public:
  // split and pooling's fields outlive the loader.
  Loader(const data::Split& split, const Schema& schema, const LoaderOptions& options,
         const torch::Device& device);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // The next batch, none after the last. Rethrows what went wrong in the thread.
  std::optional<TensorBatch> next();

 private:
  void run();
  void produce();
  bool put(TensorBatch batch);  // false: the consumer is gone
  void finish(std::exception_ptr error);

  const data::Split& split_;
  std::vector<Pooling> pooling_;
  LoaderOptions options_;
  torch::Device device_;

  std::mutex mutex_;
  std::condition_variable filled_, emptied_;
  std::deque<TensorBatch> ready_;
  std::exception_ptr error_;
  bool finished_ = false;  // no batch will follow
  bool stopped_ = false;   // no batch is wanted
  std::thread thread_;
};

}  // namespace esmm::train
