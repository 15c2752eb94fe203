#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace esmm::bench {

// What a system is in its case: the one measured, what stock LibTorch does for the same result, or a bound:
// work that any system like it has to do.
enum class Role { measured, stock, limit };

struct System {
  std::string name;
  Role role = Role::measured;
  std::function<void()> run = {};
  std::function<void()> prepare = {};  // before each run, not timed
  std::string limit = {};              // name of its limit; empty: the case's first
};

// One line of the result.
struct Row {
  std::string name;  // of the case
  std::string system;
  double samples_per_second = 0;         // median of the rounds
  double min = 0, max = 0;               // samples per second of the slowest and the fastest round
  std::optional<double> ratio_to_stock;  // of medians; none: the case has no stock system
  std::optional<double> share_of_limit;  // of medians; none: the case has no limit
};

// Runs the systems in turns, so that what else the machine does meets all of them alike: one round that does
// not count, then `rounds` that do. samples: how many one run handles.
std::vector<Row> race(const std::string& name, int64_t samples, int rounds,
                      const std::vector<System>& systems);

}  // namespace esmm::bench
