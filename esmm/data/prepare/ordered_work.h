#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <mutex>
#include <vector>

namespace esmm::data {

// As many threads as the machine gives this process. wanted: so many instead; 0: none said.
size_t threads_for(int wanted);

// Items 0, 1, 2 … each handled from beginning to end by one of several threads. What of it has an order
// stands in numbered sections, which the items pass one after the other. So there are never more items on
// their way than threads, and what is written in a section does not depend on how many there are.
class OrderedWork {
 public:
  class Item {
   public:
    size_t thread() const { return thread_; }  // below the number of threads
    int64_t number() const { return number_; }

    // Calls f() when all earlier items have passed `section`. An item passes sections in rising order.
    template <class F>
    void in_order(size_t section, const F& f) {
      work_.enter(section, number_);
      f();
      work_.leave(section);
      next_section_ = section + 1;
    }

   private:
    friend class OrderedWork;
    Item(OrderedWork& work, size_t thread, int64_t number) : work_(work), thread_(thread), number_(number) {}

    OrderedWork& work_;
    size_t thread_;
    int64_t number_;
    size_t next_section_ = 0;
  };

  explicit OrderedWork(size_t sections) : passed_(sections, 0) {}

  // Calls body(item) until it says that there are no more items, which it may be asked once per thread. The
  // exception of the first item that has one is thrown again; later items are abandoned at their next
  // section. One thread: the caller's alone. Throws std::system_error where threads cannot be started. Once
  // per object.
  void run(size_t threads, const std::function<bool(Item&)>& body);

 private:
  struct Abandoned {};

  void enter(size_t section, int64_t item);
  void leave(size_t section);
  void work(size_t thread, const std::function<bool(Item&)>& body);
  void fail(int64_t item, std::exception_ptr problem);

  std::atomic<int64_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int64_t> passed_;  // per section: items that have passed it
  int64_t failed_ = std::numeric_limits<int64_t>::max();
  std::exception_ptr problem_;
};

}  // namespace esmm::data
