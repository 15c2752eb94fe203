#include "esmm/model/losses.h"

#include <torch/autograd.h>

#include <cmath>

namespace esmm {
namespace {

using torch::Tensor;

// A mean whose gradients were worked out beside it, in closed form and in double: autograd would take them from the
// formula term by term, and lose digits where terms cancel.
class ClosedForm : public torch::autograd::Function<ClosedForm> {
 public:
  // value: scalar; d_a, d_b: its derivatives, double [B]; b and d_b may be undefined.
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& a, const Tensor& /*b*/,
                        const Tensor& value, const Tensor& d_a, const Tensor& d_b) {
    context->save_for_backward({d_a, d_b});
    return value.to(a.scalar_type());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const Tensor& grad = grads[0];
    const auto chain = [&](const Tensor& derivative) {
      return derivative.defined() ? (derivative * grad).to(grad.scalar_type()) : Tensor();
    };
    return {chain(saved[0]), chain(saved[1]), Tensor(), Tensor(), Tensor()};
  }
};

Tensor as_double(const Tensor& tensor) { return tensor.detach().to(torch::kDouble); }

// log(1 + exp x), to the last digits for any x.
Tensor softplus(const Tensor& x) { return x.clamp_min(0) + (-x.abs()).exp().log1p(); }

Tensor log_sigmoid(const Tensor& x) { return -softplus(-x); }

// -label log p - (1 - label) log(1 - p), and its derivative by the logit.
struct CrossEntropy {
  Tensor loss, d_logit;
  CrossEntropy(const Tensor& x, const Tensor& label)
      : loss(label * softplus(-x) + (1 - label) * softplus(x)),
        d_logit((1 - label) * x.sigmoid() - label * (-x).sigmoid()) {}
};

// The same for p = sigmoid(a) sigmoid(b); formulas in losses.h.
struct ProductCrossEntropy {
  Tensor loss, d_a, d_b;
  ProductCrossEntropy(const Tensor& a, const Tensor& b, const Tensor& label) {
    const Tensor log_p = log_sigmoid(a) + log_sigmoid(b);
    const Tensor log_odds = log_sum_exp(-a, -b, -a - b);  // log of (1 - p) / p
    const Tensor log_rest = torch::where(log_p <= -M_LN2, (-log_p.exp()).log1p(), log_odds + log_p);
    loss = -(label * log_p + (1 - label) * log_rest);
    d_a = derivative(a, log_odds, label);
    d_b = derivative(b, log_odds, label);
  }

 private:
  static Tensor log_sum_exp(const Tensor& x, const Tensor& y, const Tensor& z) {
    const Tensor largest = torch::maximum(torch::maximum(x, y), z);
    return largest + ((x - largest).exp() + (y - largest).exp() + (z - largest).exp()).log();
  }
  static Tensor derivative(const Tensor& x, const Tensor& log_odds, const Tensor& label) {
    return (1 - label) * (log_sigmoid(-x) - log_odds).exp() - label * (-x).sigmoid();
  }
};

}  // namespace

Tensor bce_with_logits(const Tensor& logit, const Tensor& label) {
  const torch::NoGradGuard no_grad;
  const CrossEntropy rows(as_double(logit), as_double(label));
  const auto B = static_cast<double>(logit.numel());
  const torch::AutoGradMode grad(true);
  return ClosedForm::apply(logit, Tensor(), rows.loss.mean(), rows.d_logit / B, Tensor());
}

}  // namespace esmm
