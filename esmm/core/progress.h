#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace esmm {

// A progress line on a terminal's stderr: done of total, rate and time left; silent where stderr is no
// terminal.
class Progress {
 public:
  // unit: what is counted, as in "samples". total 0: unknown. enabled: false for --quiet.
  Progress(std::string label, std::string unit, int64_t total, bool enabled = true);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Redraws at most ten times a second. note: shown behind the rate, as in "loss 0.693".
  void update(int64_t done, const std::string& note = {});
  // Clears the line.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  std::string label_, unit_;
  int64_t total_;
  bool enabled_;
  bool drawn_ = false;
  Clock::time_point start_, last_;
};

}  // namespace esmm
