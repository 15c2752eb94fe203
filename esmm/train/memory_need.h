#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "esmm/config/config.h"
#include "esmm/model/method.h"

namespace esmm::train {

// Bytes that training keeps on its device.
struct MemoryNeed {
  int64_t rows = 0;           // of the embedding table
  int64_t bytes_per_row = 0;  // with the optimiser's state; of all tables, where a method has two
  // Towers with gradients and moments, and a step's activations, roughly; on a GPU its ids, as if each field
  // had one.
  int64_t others = 0;

  int64_t bytes() const { return rows * bytes_per_row + others; }
};

MemoryNeed memory_need(const Method& model, const Config& config, const torch::Device& device);

// Bytes that a training split takes beside the model where it is kept on the device.
struct SplitNeed {
  int64_t impressions = 0;
  int64_t bytes = 0;  // of all of them
  int64_t batch_size = 0;

  // Of batches on their way, roughly: a dozen (StepsAhead), each with the places of its ids as 64 bits, which
  // it has several times while it is put together.
  int64_t of_batches() const {
    return 32 * std::min(batch_size, impressions) * (bytes / std::max<int64_t>(1, impressions));
  }
};

// Throws Error where so many bytes are too few: says what there is, and how many rows would fit. device: its
// name.
void require_memory(const MemoryNeed& need, int64_t free_bytes, const std::string& device);

// The same for a split beside a model that fits: says how many impressions would.
void require_memory(const SplitNeed& need, const MemoryNeed& model, int64_t free_bytes,
                    const std::string& device);

}  // namespace esmm::train
