#include "esmm/model/batch_norm.h"

namespace esmm {
namespace {

constexpr double kEpsilon = 1e-5;
constexpr double kMomentum = 0.1;

}  // namespace

BatchNormImpl::BatchNormImpl(int64_t units, bool affine)
    : mean_(register_buffer("mean", torch::zeros({units}))),
      variance_(register_buffer("variance", torch::ones({units}))) {
  if (!affine) return;
  weight_ = register_parameter("weight", torch::ones({units}));
  bias_ = register_parameter("bias", torch::zeros({units}));
}

torch::Tensor BatchNormImpl::forward(const torch::Tensor& x) {
  const bool of_batch = is_training() && x.size(0) > 1;
  return torch::batch_norm(x, weight_, bias_, mean_, variance_, of_batch, kMomentum, kEpsilon,
                           /*cudnn_enabled=*/true);
}

BatchNormImpl::Line BatchNormImpl::line() const {
  const torch::Tensor root = (variance_ + kEpsilon).rsqrt();
  const torch::Tensor scale = weight_.defined() ? root * weight_ : root;
  const torch::Tensor shift = -mean_ * scale;
  return {scale, bias_.defined() ? shift + bias_ : shift};
}

}  // namespace esmm
