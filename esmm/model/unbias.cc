#include "esmm/model/unbias.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

LossTerms Unbias::terms(const Outputs& outputs, const TensorBatch& batch) const {
  const torch::Tensor kept =
      torch::rand({batch.size}, batch.click.options()) * outputs.ctr.detach().sigmoid() < floor_;
  return {ctr_term(outputs, batch), cvr_term(outputs, batch, batch.click * kept)};
}

}  // namespace esmm
