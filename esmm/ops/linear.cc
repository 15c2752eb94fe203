#include "esmm/ops/linear.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/autograd.h>

#include <optional>

namespace esmm::ops {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// oneDNN's product as LibTorch registers it: a W^T + bias, then `after` ("none" or "relu"). a and W may be
// any strided matrices.
class OneDnn {
 public:
  static const std::optional<OneDnn>& instance() {
    static const std::optional<OneDnn> found = find();
    return found;
  }

  Tensor operator()(const Tensor& a, const Tensor& weight, const std::optional<Tensor>& bias,
                    const char* after) const {
    return product_.call(a, weight, bias, after, c10::List<std::optional<at::Scalar>>(), "");
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

bool by_onednn(const Tensor& x) {
  return x.is_cpu() && x.numel() > 0 &&
         (x.scalar_type() == torch::kFloat || x.scalar_type() == torch::kBFloat16) && OneDnn::instance();
}

std::optional<Tensor> optional(const Tensor& tensor) {
  return tensor.defined() ? std::optional(tensor) : std::nullopt;
}

// a W^T
Tensor product(const Tensor& a, const Tensor& weight) {
  return by_onednn(a) ? (*OneDnn::instance())(a, weight, std::nullopt, "none") : torch::mm(a, weight.t());
}

Tensor layer(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu) {
  if (by_onednn(x)) return (*OneDnn::instance())(x, weight, optional(bias), relu ? "relu" : "none");
  const Tensor y = torch::linear(x, weight, optional(bias));
  return relu ? y.relu_() : y;
}

class Linear : public torch::autograd::Function<Linear> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight,
                        const std::optional<Tensor>& bias, bool relu) {
    const auto type = x.scalar_type();
    const Tensor w = weight.to(type);
    Tensor y = layer(x, w, bias ? bias->to(type) : Tensor(), relu);
    context->saved_data["weight_type"] = weight.scalar_type();
    context->saved_data["bias"] = bias.has_value();
    context->save_for_backward({x, w, relu ? y : Tensor()});
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], &y = saved[2];
    const auto type = static_cast<torch::ScalarType>(context->saved_data["weight_type"].toInt());
    const Tensor grad = y.defined() ? at::threshold_backward(grads[0], y, 0) : grads[0].contiguous();
    Tensor grad_x, grad_weight, grad_bias;
    if (context->needs_input_grad(0)) grad_x = product(grad, weight.t());
    if (context->needs_input_grad(1)) grad_weight = product(grad.t(), x.t()).to(type);
    if (context->saved_data["bias"].toBool() && context->needs_input_grad(2))
      grad_bias = grad.sum(0, false, type);
    return {grad_x, grad_weight, grad_bias, Tensor()};
  }
};

}  // namespace

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu) {
  return Linear::apply(x, weight, optional(bias), relu);
}

}  // namespace esmm::ops
