#include "esmm/train/batches/loader.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

namespace esmm::train {

Loader::Loader(const data::Split& split, const LoaderOptions& options, const torch::Device& device)
    : Loader(split_source(split, options.users_apart, device), options) {}

Loader::Loader(std::unique_ptr<const BatchSource> source, const LoaderOptions& options)
    : options_(options),
      source_(std::move(source)),
      order_(*source_, options),
      begun_(options.first_step),
      given_(options.first_step),
      ahead_(options.threads > 0 ? options.ahead : std::max<int64_t>(options.ahead, at::get_num_threads())),
      slots_(static_cast<size_t>(ahead_)) {
  try {
    for (int64_t i = 0; i < options.threads; ++i) threads_.emplace_back([this] { work(); });
  } catch (...) {
    end_threads();
    throw;
  }
}

Loader::~Loader() { end_threads(); }

void Loader::end_threads() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  order_.abandon();
  emptied_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::optional<TensorBatch> Loader::next() {
  if (given_ >= options_.last_step) return std::nullopt;
  if (threads_.empty() && begun_ == given_) gather_ahead();
  std::unique_lock lock(mutex_);
  Slot& slot = slots_.front();
  filled_.wait(lock, [&] { return slot.batch || slot.error; });
  if (slot.error) std::rethrow_exception(slot.error);
  FedBatch batch = *std::move(slot.batch);
  slots_.pop_front();
  slots_.emplace_back();
  ++given_;
  lock.unlock();
  emptied_.notify_one();
  TensorBatch taken = std::move(batch).take();
  steps_.begin(taken.click.device());
  return taken;
}

void Loader::work() {
  while (const std::optional<Task> task = begin()) do_task(*task);
}

void Loader::gather_ahead() {
  std::vector<Task> tasks;
  while (static_cast<int64_t>(tasks.size()) < ahead_) {
    std::optional<Task> task = begin();
    if (!task) break;
    tasks.push_back(std::move(*task));
  }
  at::parallel_for(0, static_cast<int64_t>(tasks.size()), 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) do_task(tasks[static_cast<size_t>(i)]);
  });
}

void Loader::do_task(const Task& task) {
  Slot slot;
  try {
    slot.batch = (*source_)(task.impressions);
  } catch (...) {
    slot.error = std::current_exception();
  }
  end(task.step, std::move(slot));
}

std::optional<Loader::Task> Loader::begin() {
  const std::lock_guard order_lock(order_mutex_);
  if (begun_ >= options_.last_step) return std::nullopt;
  {
    std::unique_lock lock(mutex_);
    emptied_.wait(lock, [this] { return stopped_ || begun_ < given_ + ahead_; });
    if (stopped_) return std::nullopt;
  }
  Task task{.step = begun_++, .impressions = {}};
  try {
    task.impressions = order_.next();
    return task;
  } catch (...) {
    end(task.step, {.batch = {}, .error = std::current_exception()});
    begun_ = options_.last_step;
    return std::nullopt;
  }
}

void Loader::end(int64_t step, Slot slot) {
  {
    const std::lock_guard lock(mutex_);
    slots_[static_cast<size_t>(step - given_)] = std::move(slot);
  }
  filled_.notify_one();
}

}  // namespace esmm::train
