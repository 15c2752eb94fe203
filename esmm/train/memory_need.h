#pragma once

#include <cstdint>
#include <string>

#include "esmm/config/config.h"
#include "esmm/model/method.h"

namespace esmm::train {

// Bytes that training keeps on its device.
struct MemoryNeed {
  int64_t rows = 0;           // of the embedding table
  int64_t bytes_per_row = 0;  // with the optimiser's state; of all tables, where a method has two
  int64_t others = 0;         // towers with gradients and moments; a step's activations, roughly

  int64_t bytes() const { return rows * bytes_per_row + others; }
};

MemoryNeed memory_need(const Method& model, const Config& config);

// Throws Error where so many bytes are too few: says what there is, and how many rows would fit. device: its
// name.
void require_memory(const MemoryNeed& need, int64_t free_bytes, const std::string& device);

}  // namespace esmm::train
