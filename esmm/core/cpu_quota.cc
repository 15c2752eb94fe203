#include "esmm/core/cpu_quota.h"

#include <charconv>
#include <fstream>
#include <string>

namespace esmm {

std::optional<int64_t> cores_of(std::string_view cpu_max) {
  const char* const end = cpu_max.data() + cpu_max.size();
  int64_t quota = 0, period = 0;
  const auto [after, error] = std::from_chars(cpu_max.data(), end, quota);
  if (error != std::errc() || after == end) return std::nullopt;
  if (std::from_chars(after + 1, end, period).ec != std::errc()) return std::nullopt;
  if (quota <= 0 || period <= 0) return std::nullopt;
  return (quota + period - 1) / period;
}

std::optional<int64_t> cpu_quota() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string line;
  return std::getline(file, line) ? cores_of(line) : std::nullopt;
}

}  // namespace esmm
