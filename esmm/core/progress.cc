#include "esmm/core/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "esmm/core/log.h"

namespace esmm {

Progress::Progress(std::string label, std::string unit, int64_t total, bool enabled,
                   Clock::duration log_every)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      enabled_(enabled),
      terminal_(::isatty(STDERR_FILENO) != 0),
      every_(terminal_ ? std::chrono::milliseconds(100) : log_every),
      start_(Clock::now()),
      last_(start_) {}

Progress::~Progress() { finish(); }

std::string Progress::line(int64_t done, Clock::time_point now) const {
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = static_cast<double>(done) / seconds;
  if (total_ <= 0 || done <= 0) return fmt::format("{} {:.3g} {}/s", label_, rate, unit_);
  const double share = static_cast<double>(done) / static_cast<double>(total_);
  return fmt::format("{} {:3.0f} % {:.3g} {}/s, {:.0f} s left", label_, 100 * share, rate, unit_,
                     seconds * (1 - share) / share);
}

void Progress::update(int64_t done, const std::string& note) {
  const auto now = Clock::now();
  if (!enabled_ || now - last_ < every_) return;
  last_ = now;
  const std::string text = note.empty() ? line(done, now) : line(done, now) + ", " + note;
  if (!terminal_) return log::info("{}", text);
  fmt::print(stderr, "\r\033[K{}", text);
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::finish() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
  drawn_ = false;
}

}  // namespace esmm
