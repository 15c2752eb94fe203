#include "esmm/model/losses.h"

#include <torch/autograd.h>

#include <cmath>
#include <optional>

namespace esmm {
namespace {

using torch::Tensor;

const std::optional<Tensor> kNone;

// Row losses whose gradients were worked out beside them, in closed form and in double: autograd would take
// them from the formula term by term, and lose digits where terms cancel.
class ClosedForm : public torch::autograd::Function<ClosedForm> {
 public:
  // rows, and their derivatives d_a and d_b: double [B]. b and d_b: none, where there is one logit.
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& a,
                        const std::optional<Tensor>& /*b*/, const Tensor& rows, const Tensor& d_a,
                        const std::optional<Tensor>& d_b) {
    context->save_for_backward({d_a, d_b.value_or(Tensor())});
    context->saved_data["dtype"] = a.scalar_type();
    return rows;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const auto dtype = static_cast<torch::ScalarType>(context->saved_data["dtype"].toInt());
    const auto chain = [&](const Tensor& derivative) {
      return derivative.defined() ? (derivative * grads[0]).to(dtype) : Tensor();
    };
    return {chain(saved[0]), chain(saved[1]), Tensor(), Tensor(), Tensor()};
  }
};

Tensor as_double(const Tensor& tensor) { return tensor.detach().to(torch::kDouble); }

// log(1 + exp x), to the last digits for any x.
Tensor log1p_exp(const Tensor& x) { return x.clamp_min(0) + (-x.abs()).exp().log1p(); }

Tensor log_of_sigmoid(const Tensor& x) { return -log1p_exp(-x); }

Tensor log_sum_exp(const Tensor& x, const Tensor& y, const Tensor& z) {
  const Tensor largest = torch::maximum(torch::maximum(x, y), z);
  return largest + ((x - largest).exp() + (y - largest).exp() + (z - largest).exp()).log();
}

// -label log p - (1 - label) log(1 - p) of each row, and its derivative by the logit.
struct CrossEntropy {
  Tensor loss, d_logit;
  CrossEntropy(const Tensor& logit, const Tensor& label) {
    const Tensor x = as_double(logit), y = as_double(label), not_y = 1 - y;
    loss = y * log1p_exp(-x) + not_y * log1p_exp(x);
    d_logit = not_y * x.sigmoid() - y * (-x).sigmoid();
  }
};

// The same for p = sigmoid(a) sigmoid(b), with the formulas of losses.h.
struct ProductCrossEntropy {
  Tensor loss, d_a, d_b;
  ProductCrossEntropy(const Tensor& logit_a, const Tensor& logit_b, const Tensor& label) {
    const Tensor a = as_double(logit_a), b = as_double(logit_b), y = as_double(label), not_y = 1 - y;
    const Tensor log_a = log_of_sigmoid(a), log_b = log_of_sigmoid(b), log_p = log_a + log_b;
    const Tensor log_odds = log_sum_exp(-a, -b, -a - b);  // of 1 - p, log((1 - p) / p)
    const Tensor log_rest = torch::where(log_p <= -M_LN2, (-log_p.exp()).log1p(), log_odds + log_p);
    loss = -(y * log_p + not_y * log_rest);
    // log_a - a = logsigmoid(-a): digits lost there do not count, since they are far behind the point in an
    // exponent.
    d_a = not_y * (log_a - a - log_odds).exp() - y * (-a).sigmoid();
    d_b = not_y * (log_b - b - log_odds).exp() - y * (-b).sigmoid();
  }
};

}  // namespace

// Everything is worked out from detached tensors, so that ClosedForm alone is on autograd's record.

Tensor bce_rows(const Tensor& logit, const Tensor& label) {
  const CrossEntropy rows(logit, label);
  return ClosedForm::apply(logit, kNone, rows.loss, rows.d_logit, kNone);
}

Tensor product_bce_rows(const Tensor& a, const Tensor& b, const Tensor& label) {
  const ProductCrossEntropy rows(a, b, label);
  const std::optional<Tensor> second = b, d_second = rows.d_b;
  return ClosedForm::apply(a, second, rows.loss, rows.d_a, d_second);
}

Tensor mean_loss(const Tensor& rows, const Tensor& weight) {
  if (!weight.defined()) return rows.mean();
  const Tensor w = as_double(weight), sum = w.sum();
  return (rows * (w / torch::where(sum > 0, sum, torch::ones_like(sum)))).sum();
}

Tensor times(const Tensor& weight, const Tensor& factor) {
  return weight.defined() ? weight * factor : factor;
}

}  // namespace esmm
