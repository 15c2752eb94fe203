#include "apps/esmm/print_rejected.h"

#include <fmt/core.h>

namespace esmm::apps {

void print_rejected(const std::vector<data::SourceLines>& sources, const std::filesystem::path& file) {
  int64_t total = 0;
  for (const data::SourceLines& lines : sources) {
    total += lines.rejected_total();
    for (const auto& [reason, alike] : lines.rejected)
      fmt::print("rejected {:>8}  {}: {}\n", alike.lines, lines.source, alike.text);
  }
  if (total > 0) fmt::print("rejected lines: {}\n", file.string());
}

}  // namespace esmm::apps
