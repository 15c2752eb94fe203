#include "esmm/model/oversampling.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

LossTerms Oversampling::terms(const Outputs& outputs, const TensorBatch& batch) const {
  const torch::Tensor copies = 1 + (copies_ - 1) * batch.conversion;
  return {ctr_term(outputs, batch), cvr_term(outputs, batch, batch.click * copies)};
}

}  // namespace esmm
