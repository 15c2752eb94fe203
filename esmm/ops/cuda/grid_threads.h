#pragma once

#include <cstdint>

#include "esmm/ops/host_device.h"

// How work is shared out among a launch's threads: groups of `lanes` threads next to each other, in blocks.
namespace esmm::ops {

constexpr int kBlockThreads = 256;

ESMM_HOST_DEVICE int64_t thread_index(uint32_t block, uint32_t thread) {
  return int64_t{block} * kBlockThreads + thread;
}

// A thread's group, counted through all blocks. lanes: up to a warp, a power of 2.
ESMM_HOST_DEVICE int64_t group_index(uint32_t block, uint32_t thread, int lanes) {
  return thread_index(block, thread) / lanes;
}

// Blocks that have so many groups; the last may have more. At most 2^31 - 1, which is what CUDA launches:
// that is enough for 2^31 groups, of a warp each.
inline uint32_t blocks_for(int64_t groups, int lanes) {
  return static_cast<uint32_t>((groups * lanes + kBlockThreads - 1) / kBlockThreads);
}

}  // namespace esmm::ops
