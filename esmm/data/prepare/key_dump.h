#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "esmm/features/bags.h"

namespace esmm::data {

// Writes bags of keys as raw little-endian numbers, for programs that call the exported file themselves:
// keys.i64 [N], offsets.i64 [B * F + 1], weights.f32 [N] (raw weights, 1 where the log has none).
class KeyDump {
 public:
  // Makes the folder. Throws Error where it cannot be written.
  explicit KeyDump(const std::filesystem::path& folder);
  void add(const KeyBags& bags);
  // Flushes; throws Error where the disk is full.
  void close();

 private:
  std::filesystem::path folder_;
  std::ofstream keys_, offsets_, weights_;
  int64_t ids_ = 0;
};

}  // namespace esmm::data
