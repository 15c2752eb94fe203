#include "esmm/ops/linear.h"

#include <torch/autograd.h>

#include "esmm/ops/layer_gradient.h"
#include "esmm/ops/layers_joined.h"
#include "esmm/ops/matrix_product.h"

namespace esmm::ops {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class Linear : public torch::autograd::Function<Linear> {
 public:
  static variable_list forward(AutogradContext* context, const Tensor& x, const Tensor& weight,
                               const Tensor& bias, bool relu, const std::vector<int64_t>& widths) {
    const auto type = x.scalar_type();
    const Tensor w = weight.to(type);
    const Tensor y = product(x, w, bias.to(type), relu ? After::relu : After::none);
    context->saved_data["weight_type"] = weight.scalar_type();
    context->save_for_backward({x, w, relu ? y : Tensor()});
    return columns_of_layers(y, widths);
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], &y = saved[2];
    const auto type = static_cast<torch::ScalarType>(context->saved_data["weight_type"].toInt());
    const auto [grad, grad_of_bias] = layer_gradient(grads, y);
    Tensor grad_x, grad_weight, grad_bias;
    if (context->needs_input_grad(0)) grad_x = product(grad, weight.t());
    if (context->needs_input_grad(1)) grad_weight = transposed_product(grad, x).to(type);
    if (context->needs_input_grad(2)) grad_bias = grad_of_bias.to(type);
    return {grad_x, grad_weight, grad_bias, Tensor(), Tensor()};
  }
};

}  // namespace

std::vector<Tensor> linears(const Tensor& x, const std::vector<Tensor>& weights,
                            const std::vector<Tensor>& biases, bool relu) {
  return apply_layers(x, weights, biases,
                      [&](const Tensor& weight, const Tensor& bias, const std::vector<int64_t>& widths) {
                        return Linear::apply(x, weight, bias, relu, widths);
                      });
}

}  // namespace esmm::ops
