#include "esmm/data/prepare/unmatched.h"

#include "esmm/core/log.h"

namespace esmm::data {

void warn_of_unmatched(const std::vector<JoinConfig>& joins, const std::map<std::string, int64_t>& unmatched,
                       int64_t impressions, const char* which) {
  for (const JoinConfig& join : joins) {
    const auto found = unmatched.find(join.source);
    if (found == unmatched.end() || found->second == 0 || 2 * found->second < impressions) continue;
    log::warn("{} of {} {} found no row in source {}: is its column {} written as the column {} of theirs?",
              found->second, impressions, which, join.source,
              join.right_key.empty() ? join.key : join.right_key, join.key);
  }
}

}  // namespace esmm::data
