#include "esmm/model/base.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

LossTerms Base::terms(const Outputs& outputs, const TensorBatch& batch) const {
  return {ctr_term(outputs, batch), cvr_term(outputs, batch, batch.click)};
}

}  // namespace esmm
