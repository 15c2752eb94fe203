#pragma once

#include <chrono>
#include <cstdint>

namespace esmm::train {

// How long a run has taken, the parts before it was resumed included, and how fast it goes.
class RunClock {
 public:
  // Goes on from what the parts before took and read.
  void start(double seconds, int64_t samples) {
    start_ = Clock::now();
    seconds_before_ = rate_from_ = seconds;
    samples_ = samples;
  }

  double seconds() const {
    return seconds_before_ + std::chrono::duration<double>(Clock::now() - start_).count();
  }

  // Samples per second since it was last asked for, or since the start. now, samples: of the whole run.
  double samples_per_second(double now, int64_t samples) {
    const double rate = static_cast<double>(samples - samples_) / (now - rate_from_);
    rate_from_ = now;
    samples_ = samples;
    return rate;
  }

  // What passed since seconds() were `begin` is no part of the next rate: loading, validations and
  // checkpoints.
  void leave_out_since(double begin) { rate_from_ += seconds() - begin; }

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point start_;
  double seconds_before_ = 0;
  double rate_from_ = 0;
  int64_t samples_ = 0;  // at the last rate
};

}  // namespace esmm::train
