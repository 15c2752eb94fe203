#pragma once

#include <vector>

#include "esmm/metrics/evaluation.h"

namespace esmm::test {

// What a metrics::Scored looks at; as long as it is used.
struct ScoredColumns {
  std::vector<float> p_ctr{}, p_cvr{}, p_ctcvr{}, click{}, conversion{};
  std::vector<double> true_ctr{}, true_cvr{};

  metrics::Scored scored() const {
    return {.p_ctr = p_ctr,
            .p_cvr = p_cvr,
            .p_ctcvr = p_ctcvr,
            .click = click,
            .conversion = conversion,
            .group = {},
            .true_ctr = true_ctr,
            .true_cvr = true_cvr};
  }
};

}  // namespace esmm::test
