#include "esmm/model/aman.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

LossTerms Aman::terms(const Outputs& outputs, const TensorBatch& batch) const {
  const torch::Tensor drawn = torch::rand({batch.size}, batch.click.options()) < share_;
  return {ctr_term(outputs, batch),
          cvr_term(outputs, batch, torch::maximum(batch.click, drawn.to(batch.click)))};
}

}  // namespace esmm
