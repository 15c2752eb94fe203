#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "esmm/data/dataset.h"
#include "esmm/model/tensor_batch.h"
#include "esmm/train/batches/batch_order.h"
#include "esmm/train/batches/batch_source.h"
#include "esmm/train/batches/loader_options.h"

namespace esmm::train {

// Gathers batches and moves them to the device, ahead of the one who trains, and gives them in their order:
// in threads of its own, or, without any, in those of the consumer's operations, one batch each, whenever
// none is left. For one consumer.
class Loader {
 public:
  // Throws std::system_error where threads cannot be started.
  Loader(std::unique_ptr<const BatchSource> source, const LoaderOptions& options);
  // From a split's files (split_source()). The split outlives the loader.
  Loader(const data::Split& split, const LoaderOptions& options, const torch::Device& device);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // The next batch, none after the last; on a GPU it waits as StepsAhead says. Rethrows what went wrong in a
  // thread, after the good batches before it.
  std::optional<TensorBatch> next();

 private:
  // A batch on its way; none of both: not ready.
  struct Slot {
    std::optional<FedBatch> batch;
    std::exception_ptr error;
  };
  struct Task {
    int64_t step = 0;
    std::vector<int64_t> impressions;
  };

  void work();
  void gather_ahead();
  void do_task(const Task& task);
  std::optional<Task> begin();
  void end(int64_t step, Slot slot);
  void end_threads();

  const LoaderOptions options_;
  const std::unique_ptr<const BatchSource> source_;

  std::mutex order_mutex_;  // steps are begun one after the other
  BatchOrder order_;
  int64_t begun_;  // the next step to begin with

  std::mutex mutex_;
  std::condition_variable filled_, emptied_;
  int64_t given_;           // the next step that the consumer gets
  const int64_t ahead_;     // one for each thread that gathers at least
  std::deque<Slot> slots_;  // of the steps from given_ on that may be begun
  bool stopped_ = false;    // no batch is wanted

  StepsAhead steps_;  // of the consumer
  std::vector<std::thread> threads_;
};

}  // namespace esmm::train
