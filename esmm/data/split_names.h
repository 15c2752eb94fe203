#pragma once

#include <array>

namespace esmm::data {

inline constexpr std::array<const char*, 3> kSplitNames{"train", "validation", "test"};
inline constexpr int kTrain = 0, kValidation = 1;  // places among them

}  // namespace esmm::data
