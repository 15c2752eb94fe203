#pragma once

#include <torch/types.h>

// The model of the embedding's time: every byte that has to come from memory comes once, and nothing is
// computed. These move bytes, on as many threads as the kernels have; a limit is made of them and timed like
// any system.
namespace esmm::bench {

// Reads a word of each cache line of a table's rows at these ids (int32), in this order, asking for lines far
// enough ahead that it is the memory that is timed. write: puts the word back; ids must not repeat.
void touch_rows(const torch::Tensor& table, const torch::Tensor& ids, bool write);

// Reads a word of each cache line of a contiguous tensor.
void read_all(const torch::Tensor& values);

}  // namespace esmm::bench
