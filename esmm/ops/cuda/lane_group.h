#pragma once

#include "esmm/ops/host_device.h"

namespace esmm::ops {

constexpr int kWarpLanes = 32;

// A group of `lanes` threads, a power of 2, next to each other in a warp: the Group of grid_update.h. kTeam:
// all groups of a warp are one team; else each group is one.
//
// Warp is what a thread sees of the other 31 (CUDA's in table_updates_cuda.cu, threads of the CPU in its
// test):
//   place()                 of this thread, 0 .. 31
//   across(mask, x, to)     x of the thread at place() ^ to; all threads of the mask call it
//   wait(mask)              until all threads of the mask are here
template <class Warp, bool kTeam>
class LaneGroup {
 public:
  ESMM_HOST_DEVICE LaneGroup(const Warp& warp, int lanes)
      : warp_(warp), lanes_(lanes), place_(warp.place()) {}

  ESMM_HOST_DEVICE int lane() const { return place_ & (lanes_ - 1); }
  ESMM_HOST_DEVICE int lanes() const { return lanes_; }
  ESMM_HOST_DEVICE void wait() const { warp_.wait(mask()); }
  // Each lane adds what it has to what another has, at growing distance: all get the same number.
  ESMM_HOST_DEVICE float sum(float x) const {
    for (int to = 1; to < lanes_; to *= 2) x += warp_.across(mask(), x, to);
    return x;
  }
  ESMM_HOST_DEVICE int team() const { return kTeam ? place_ / lanes_ : 0; }
  ESMM_HOST_DEVICE int teams() const { return kTeam ? kWarpLanes / lanes_ : 1; }
  ESMM_HOST_DEVICE float team_sum(float x) const {
    if (kTeam) {
      for (int to = lanes_; to < kWarpLanes; to *= 2) x += warp_.across(~0u, x, to);
    }
    return x;
  }

 private:
  ESMM_HOST_DEVICE unsigned mask() const {
    const unsigned of_group = lanes_ == kWarpLanes ? ~0u : (1u << lanes_) - 1;
    return of_group << (place_ - lane());
  }

  Warp warp_;
  int lanes_, place_;
};

}  // namespace esmm::ops
