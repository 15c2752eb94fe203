#include "tests/pretended_gpu/streams.h"

#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "tests/pretended_gpu/memory.h"

namespace esmm::test::pretended_gpu {
namespace {

constexpr c10::StreamId kDefault = 0, kCaptured = 1, kFirstOfPool = 2;

thread_local c10::StreamId current_stream = kDefault;

c10::Stream stream(c10::StreamId id) { return c10::Stream(c10::Stream::UNSAFE, kGpu, id); }

class Recording : public ops::Graph {
 public:
  void replay() override {
    TORCH_CHECK(!later(), "pretended GPU: a replay on another stream than the default one");
    for (const Work& work : work_) work();
  }
  void add(Work work) { work_.push_back(std::move(work)); }
  void keep(const c10::Storage& storage) { kept_.push_back(storage); }

 private:
  std::vector<Work> work_;
  std::vector<c10::Storage> kept_;
};

// What is on the streams that are neither the default nor captured.
class Queues {
 public:
  void push(c10::StreamId id, Work work, std::vector<torch::Tensor> tensors) {
    const std::lock_guard lock(mutex_);
    queues_[id].pending.push_back({std::move(work), std::move(tensors)});
  }

  // How much was ever put on a stream.
  size_t size(c10::StreamId id) {
    const std::lock_guard lock(mutex_);
    return queues_[id].done + queues_[id].pending.size();
  }

  size_t done(c10::StreamId id) {
    const std::lock_guard lock(mutex_);
    return queues_[id].done;
  }

  // Does it, up to so much.
  void finish(c10::StreamId id, size_t size) {
    const std::lock_guard lock(mutex_);
    queues_[id].finish(size);
  }

  // Does all, of all streams.
  void finish() {
    const std::lock_guard lock(mutex_);
    for (auto& [id, queue] : queues_) queue.finish(queue.done + queue.pending.size());
  }

 private:
  struct Item {
    Work work;
    std::vector<torch::Tensor> tensors;
  };
  struct Queue {
    std::deque<Item> pending;
    size_t done = 0;

    void finish(size_t size) {
      for (; done < size && !pending.empty(); ++done) {
        pending.front().work();
        pending.pop_front();
      }
    }
  };
  std::mutex mutex_;
  std::map<c10::StreamId, Queue> queues_;
};

Queues& queues() {
  static Queues* const all = new Queues;
  return *all;
}

// A place on a stream.
struct Mark {
  c10::StreamId id;
  size_t size;
};

// One at a time, as in the product. Autograd's thread of the device adds to it while the capturing thread
// waits.
std::atomic<Recording*> recording = nullptr;

// One device; a thread's current stream is a number.
struct Guard : c10::impl::NoOpDeviceGuardImpl<c10::DeviceType::CUDA> {
  c10::Device exchangeDevice(c10::Device) const override { return kGpu; }
  c10::Device getDevice() const override { return kGpu; }
  c10::Stream getStream(c10::Device) const noexcept override { return stream(current_stream); }
  c10::Stream getDefaultStream(c10::Device) const override { return stream(kDefault); }
  c10::Stream getStreamFromGlobalPool(c10::Device, bool) const override {
    static std::atomic<c10::StreamId> next = kFirstOfPool;
    return stream(next++);
  }
  c10::Stream exchangeStream(c10::Stream next) const noexcept override {
    return stream(std::exchange(current_stream, next.id()));
  }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
  void record(void** event, const c10::Stream& on, const c10::DeviceIndex,
              const c10::EventFlag) const override {
    delete static_cast<Mark*>(*event);
    *event = new Mark{on.id(), queues().size(on.id())};
  }
  // Whoever waits does what is waited for.
  void block(void* event, const c10::Stream&) const override { synchronizeEvent(event); }
  void destroyEvent(void* event, const c10::DeviceIndex) const noexcept override {
    delete static_cast<Mark*>(event);
  }
  bool queryEvent(void* event) const override {
    const auto* const mark = static_cast<Mark*>(event);
    return mark == nullptr || queues().done(mark->id) >= mark->size;
  }
  void synchronizeStream(const c10::Stream& on) const override {
    queues().finish(on.id(), queues().size(on.id()));
  }
  void synchronizeDevice(const c10::DeviceIndex) const override {
    refuse_in_capture("to wait for the device");
    queues().finish();
  }
  void synchronizeEvent(void* event) const override {
    const auto* const mark = static_cast<Mark*>(event);
    if (mark != nullptr) queues().finish(mark->id, mark->size);
  }
};

const c10::impl::DeviceGuardImplRegistrar guard_registered(c10::DeviceType::CUDA, new Guard);

// While it lives. What is drawn meanwhile, to see what sizes results have, counts as not drawn.
class Captured {
 public:
  explicit Captured(Recording& into) : stream_(stream(kCaptured)), drawn_(generator_.get_state()) {
    recording = &into;
  }
  ~Captured() {
    recording = nullptr;
    generator_.set_state(drawn_);
  }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

 private:
  c10::StreamGuard stream_;
  at::Generator generator_ = at::detail::getDefaultCPUGenerator();
  torch::Tensor drawn_;
};

}  // namespace

bool capturing() { return recording != nullptr && current_stream == kCaptured; }

bool later() { return current_stream != kDefault; }

void put(Work work, std::vector<torch::Tensor> tensors) {
  if (capturing()) {
    recording.load()->add(std::move(work));
  } else if (later()) {
    queues().push(current_stream, std::move(work), std::move(tensors));
  } else {
    work();
  }
}

void keep_for_replays(const c10::Storage& storage) {
  if (capturing()) recording.load()->keep(storage);
}

void refuse_in_capture(const char* what) {
  TORCH_CHECK(!capturing(), "pretended GPU: operation not permitted while a stream is captured: ", what);
}

void wait_for_stream(const char* what) {
  refuse_in_capture(what);
  queues().finish(current_stream, queues().size(current_stream));
}

std::unique_ptr<ops::Graph> capture(const c10::Stream& stream, const std::function<void()>& body) {
  TORCH_CHECK(stream.id() != 0, "pretended GPU: the default stream cannot be captured");
  TORCH_CHECK(recording == nullptr, "pretended GPU: two captures at once");
  auto graph = std::make_unique<Recording>();
  const Captured captured(*graph);
  body();
  return graph;
}

}  // namespace esmm::test::pretended_gpu
