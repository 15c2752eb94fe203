#pragma once

#include <torch/types.h>

namespace esmm::ops {

// An uninitialised tensor whose memory, where it is the CPU's and large, lies in pages of 2 MiB if the system
// gives them on request: rows of a table are read in a scattered order, and with pages of 4 KiB finding a
// row's page takes longer than reading the row.
torch::Tensor empty_in_huge_pages(torch::IntArrayRef sizes, const torch::TensorOptions& options);

}  // namespace esmm::ops
