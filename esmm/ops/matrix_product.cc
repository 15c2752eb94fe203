#include "esmm/ops/matrix_product.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <optional>
#include <string_view>

namespace esmm::ops {
namespace {

using torch::Tensor;

// oneDNN's product as LibTorch registers it.
class OneDnn {
 public:
  static const std::optional<OneDnn>& instance() {
    static const std::optional<OneDnn> found = find();
    return found;
  }

  Tensor operator()(const Tensor& a, const Tensor& weight, const std::optional<Tensor>& bias,
                    After after) const {
    const c10::List<std::optional<at::Scalar>> no_scalars;
    return product_.call(a, weight, bias, after == After::relu ? "relu" : "none", no_scalars, "");
  }

 private:
  using Signature = Tensor(const Tensor&, const Tensor&, const std::optional<Tensor>&, std::string_view,
                           c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);

  explicit OneDnn(const c10::TypedOperatorHandle<Signature>& product) : product_(product) {}

  static std::optional<OneDnn> find() {
    const auto handle = c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""});
    if (!handle || !at::hasMKLDNN()) return std::nullopt;
    return OneDnn(handle->typed<Signature>());
  }

  c10::TypedOperatorHandle<Signature> product_;
};

bool by_onednn(const Tensor& a, const Tensor& weight) {
  const auto type = a.scalar_type();
  return a.is_cpu() && a.numel() > 0 && weight.numel() > 0 &&
         (type == torch::kFloat || type == torch::kBFloat16) && OneDnn::instance();
}

}  // namespace

Tensor product(const Tensor& a, const Tensor& weight, const Tensor& bias, After after) {
  const std::optional<Tensor> added = bias.defined() ? std::optional(bias) : std::nullopt;
  if (by_onednn(a, weight)) return (*OneDnn::instance())(a, weight, added, after);
  const Tensor y = torch::linear(a, weight, added);
  return after == After::relu ? y.relu() : y;
}

Tensor transposed_product(const Tensor& a, const Tensor& b) {
  // LibTorch's own product is oneDNN's for bfloat16, and reads transposed matrices where they lie.
  return a.scalar_type() == torch::kBFloat16 ? torch::mm(a.t(), b) : product(a.t(), b.t());
}

}  // namespace esmm::ops
