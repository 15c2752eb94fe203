#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace esmm {

// The bytes that /proc/meminfo calls available: free, or taken by files that can be read again; none where it
// does not say.
std::optional<int64_t> available_in(std::string_view meminfo);

// The same of a control group (cgroup v2), from what its memory.max, memory.current and memory.stat say; none
// where it sets no bound.
std::optional<int64_t> available_in_group(std::string_view max, std::string_view current,
                                          std::string_view stat);

// What this process can still take without others being swapped out or it being killed: the least that the
// machine and the control group at /sys/fs/cgroup have. That is a container's own group; the groups below it,
// such as systemd's of a service, are not asked. None where neither says.
std::optional<int64_t> available_memory();

}  // namespace esmm
