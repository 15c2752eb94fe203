#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace esmm {

// How far something is: done of total, rate and time left. On a terminal, a line of stderr that is drawn
// anew; elsewhere a line of the log now and then, so that a log file tells of hours of work.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  // unit: what is counted, as in "samples". total 0: unknown. enabled: false for --quiet. log_every: without
  // a terminal.
  Progress(std::string label, std::string unit, int64_t total, bool enabled = true,
           Clock::duration log_every = std::chrono::seconds(10));
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Redraws at most ten times a second, or logs every log_every. note: shown behind the rate, as in "loss
  // 0.693".
  void update(int64_t done, const std::string& note = {});
  // Clears the line.
  void finish();

 private:
  std::string line(int64_t done, Clock::time_point now) const;

  std::string label_, unit_;
  int64_t total_;
  bool enabled_;
  bool terminal_;
  bool drawn_ = false;
  Clock::duration every_;
  Clock::time_point start_, last_;
};

}  // namespace esmm
