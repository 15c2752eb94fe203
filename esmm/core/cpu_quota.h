#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace esmm {

// How many cores a control group's cpu.max ("quota period" in microseconds, or "max period") comes to,
// rounded up; none where it sets no bound.
std::optional<int64_t> cores_of(std::string_view cpu_max);

// That of the process's control group (v2), as a container has it; none where there is none.
std::optional<int64_t> cpu_quota();

}  // namespace esmm
