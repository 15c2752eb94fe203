#include "esmm/data/prepare/ordered_work.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "esmm/core/cpu_quota.h"

namespace esmm::data {

size_t threads_for(int wanted) {
  if (wanted > 0) return static_cast<size_t>(wanted);
  const int64_t cores = std::thread::hardware_concurrency();
  return static_cast<size_t>(std::max<int64_t>(1, std::min(cores, cpu_quota().value_or(cores))));
}

void OrderedWork::run(size_t threads, const std::function<bool(Item&)>& body) {
  std::vector<std::thread> others;
  try {
    for (size_t t = 1; t < threads; ++t) others.emplace_back([this, t, &body] { work(t, body); });
    work(0, body);
  } catch (...) {  // a thread could not be started: those that were stop before they are waited for
    fail(-1, std::current_exception());
  }
  for (std::thread& other : others) other.join();
  if (problem_) std::rethrow_exception(problem_);
}

void OrderedWork::work(size_t thread, const std::function<bool(Item&)>& body) {
  for (;;) {
    Item item(*this, thread, next_++);
    try {
      const bool more = body(item);
      for (size_t section = item.next_section_; section < passed_.size(); ++section)
        item.in_order(section, [] {});
      if (!more) return;
    } catch (const Abandoned&) {
      return;
    } catch (...) {
      return fail(item.number_, std::current_exception());
    }
  }
}

void OrderedWork::enter(size_t section, int64_t item) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return passed_[section] == item || failed_ < item; });
  if (failed_ < item) throw Abandoned{};
}

void OrderedWork::leave(size_t section) {
  {
    const std::lock_guard lock(mutex_);
    ++passed_[section];
  }
  changed_.notify_all();
}

void OrderedWork::fail(int64_t item, std::exception_ptr problem) {
  {
    const std::lock_guard lock(mutex_);
    if (item < failed_) {
      failed_ = item;
      problem_ = std::move(problem);
    }
  }
  changed_.notify_all();
}

}  // namespace esmm::data
