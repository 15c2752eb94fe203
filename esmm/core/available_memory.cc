#include "esmm/core/available_memory.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

namespace esmm {
namespace {

std::optional<int64_t> number_in(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && number >= 0 ? std::optional(number) : std::nullopt;
}

// Of the line that begins with the word.
std::optional<int64_t> number_behind(std::string_view word, std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.starts_with(word)) return number_in(line.substr(word.size()));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return std::nullopt;
}

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::optional<int64_t> available_in(std::string_view meminfo) {
  const auto kilobytes = number_behind("MemAvailable:", meminfo);
  return kilobytes ? std::optional(*kilobytes * 1024) : std::nullopt;
}

std::optional<int64_t> available_in_group(std::string_view max, std::string_view current,
                                          std::string_view stat) {
  const auto limit = number_in(max), taken = number_in(current);
  if (!limit || !taken) return std::nullopt;
  const int64_t files =
      number_behind("active_file ", stat).value_or(0) + number_behind("inactive_file ", stat).value_or(0);
  return std::max<int64_t>(0, *limit - *taken + files);
}

std::optional<int64_t> available_memory() {
  const std::string group = "/sys/fs/cgroup/memory.";
  const auto of_machine = available_in(text_of("/proc/meminfo"));
  const auto of_group =
      available_in_group(text_of(group + "max"), text_of(group + "current"), text_of(group + "stat"));
  if (of_machine && of_group) return std::min(*of_machine, *of_group);
  return of_machine ? of_machine : of_group;
}

}  // namespace esmm
