#pragma once

#include "esmm/ops/bags.h"

namespace esmm::test {

// The bags of a captured step without their room for more ids, which the CPU's kernels do not know.
inline ops::TableBags without_room(ops::TableBags bags) {
  const int64_t ids = bags.offsets[-1].item<int64_t>();
  bags.rows = bags.rows.slice(0, 0, ids);
  if (bags.weights.defined()) bags.weights = bags.weights.slice(0, 0, ids);
  return bags;
}

}  // namespace esmm::test
