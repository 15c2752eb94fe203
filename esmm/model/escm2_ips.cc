#include "esmm/model/escm2_ips.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

LossTerms Escm2Ips::terms(const Outputs& outputs, const TensorBatch& batch) const {
  const torch::Tensor ips = inverse_propensity(outputs, batch, floor_);
  const torch::Tensor rows = ips * bce_rows(outputs.cvr, batch.conversion);
  return {ctr_term(outputs, batch),
          {"cvr", mean_loss(rows, batch.conversion_weight)},
          ctcvr_term(outputs, batch)};
}

}  // namespace esmm
