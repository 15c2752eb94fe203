#include "esmm/model/division.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

LossTerms Division::terms(const Outputs& outputs, const TensorBatch& batch) const {
  return {ctr_term(outputs, batch),
          {"ctcvr", mean_loss(bce_rows(outputs.cvr, batch.conversion), batch.conversion_weight)}};
}

}  // namespace esmm
