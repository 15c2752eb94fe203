#pragma once

#include <cstdint>

#include "esmm/ops/host_device.h"

namespace esmm::ops {

// SharedBags for one bag: by how many impressions it was looked up at once, and its scale. Or the same of all
// bags that name a row: with their scale if they have the same, which no two users do by chance, else with 1.
template <class A>
struct Share {
  uint32_t impressions = 1;
  A scale = 1;
};

template <class A>
ESMM_HOST_DEVICE Share<A> together(Share<A> a, Share<A> b) {
  return {a.impressions + b.impressions, a.scale == b.scale ? a.scale : A{1}};
}

}  // namespace esmm::ops
