#include "esmm/model/activation.h"

#include "esmm/core/error.h"

namespace esmm {

ActivationLayerImpl::ActivationLayerImpl(Activation kind, int64_t units) : kind_(kind) {
  if (kind == Activation::relu) return;
  slope_ = register_parameter("slope", torch::full({units}, kind == Activation::prelu ? 0.25 : 0.0));
  if (kind == Activation::dice) norm_ = register_module("norm", BatchNorm(units, /*affine=*/false));
}

torch::Tensor ActivationLayerImpl::forward(torch::Tensor x) {
  switch (kind_) {
    case Activation::relu:
      return x.relu_();
    case Activation::prelu:
      return torch::prelu(x, slope_.to(x.scalar_type()));
    case Activation::dice: {
      const torch::Tensor p = norm_(x).sigmoid();
      return x * (p + slope_ * (1 - p));
    }
  }
  throw InternalError("unknown activation");
}

}  // namespace esmm
