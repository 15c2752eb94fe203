#include "esmm/model/esmm_ns.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

LossTerms EsmmNs::terms(const Outputs& outputs, const TensorBatch& batch) const {
  return {ctr_term(outputs, batch), ctcvr_term(outputs, batch)};
}

}  // namespace esmm
