#include "esmm/ops/sided_linear.h"

#include <torch/autograd.h>

#include <string>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/ops/layer_gradient.h"
#include "esmm/ops/layers_joined.h"
#include "esmm/ops/matrix_product.h"
#include "esmm/ops/sided_kernels.h"

namespace esmm::ops {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void require_sides(bool holds, const char* what) {
  if (!holds) throw InternalError(std::string("sided_linear: ") + what);
}

void check(const Tensor& rows, const Tensor& users, const Tensor& of, const Tensor& weight,
           const Sides& sides) {
  require_sides(rows.scalar_type() == users.scalar_type(), "expected rows and users of one type");
  require_sides(rows.size(1) == std::ssize(sides.rows) * sides.width &&
                    users.size(1) == std::ssize(sides.users) * sides.width &&
                    weight.size(1) == rows.size(1) + users.size(1),
                "expected as many columns as the weight has for each side");
  require_sides(of.scalar_type() == torch::kLong && of.is_contiguous() && of.numel() == rows.size(0),
                "expected of int64 [B]");
  require_sides(of.device() == rows.device() && users.device() == rows.device(),
                "expected all on one device");
  if (of.is_cpu()) check_users(of, users.size(0));
}

constexpr SidedKernels kCpu{cpu::columns_of, cpu::all_columns, cpu::sided_sum, cpu::sum_by_user};
constexpr SidedKernels kAnyDevice{any_device::columns_of, any_device::all_columns, any_device::sided_sum,
                                  any_device::sum_by_user};

template <const SidedKernels& kKernels>
class SidedLinear : public torch::autograd::Function<SidedLinear<kKernels>> {
 public:
  static variable_list forward(AutogradContext* context, const Tensor& rows, const Tensor& users,
                               const Tensor& of, const Tensor&, const Tensor& weight, const Tensor& bias,
                               const Sides& sides, bool relu, const std::vector<int64_t>& widths) {
    const auto type = rows.scalar_type();
    const Tensor w = weight.to(type).contiguous();
    const Tensor row_weight = kKernels.columns_of(w, sides.rows, sides.width);
    const Tensor user_weight = kKernels.columns_of(w, sides.users, sides.width);
    const Tensor y =
        kKernels.sided_sum(rows, row_weight, product(users, user_weight, bias.to(type)), of, relu);
    context->saved_data["row_blocks"] = sides.rows;
    context->saved_data["user_blocks"] = sides.users;
    context->saved_data["width"] = sides.width;
    context->saved_data["type"] = weight.scalar_type();
    context->save_for_backward({rows, users, of, row_weight, user_weight, relu ? y : Tensor()});
    return columns_of_layers(y, widths);
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &rows = saved[0], &users = saved[1], &of = saved[2], &row_weight = saved[3],
                 &user_weight = saved[4], &y = saved[5];
    const auto type = static_cast<torch::ScalarType>(context->saved_data["type"].toInt());
    const Sides sides{.rows = context->saved_data["row_blocks"].toIntVector(),
                      .users = context->saved_data["user_blocks"].toIntVector(),
                      .width = context->saved_data["width"].toInt()};
    const auto [grad, grad_of_bias] = layer_gradient(grads, y);
    const auto [user_grad, lengths] = kKernels.sum_by_user(grad, of, users.size(0));
    const Tensor grad_weight =
        kKernels.all_columns(transposed_product(grad, rows), transposed_product(user_grad, users), sides);
    return {product(grad, row_weight.t()),
            product(user_grad, user_weight.t()),
            Tensor(),
            lengths,
            grad_weight.to(type),
            grad_of_bias.to(type),
            Tensor(),
            Tensor(),
            Tensor()};
  }
};

template <const SidedKernels& kKernels>
std::vector<Tensor> layers(const Tensor& rows, const Tensor& users, const Tensor& of, const Tensor& lengths,
                           const std::vector<Tensor>& weights, const std::vector<Tensor>& biases,
                           const Sides& sides, bool relu) {
  return apply_layers(rows, weights, biases,
                      [&](const Tensor& weight, const Tensor& bias, const std::vector<int64_t>& widths) {
                        check(rows, users, of, weight, sides);
                        return SidedLinear<kKernels>::apply(rows, users, of, lengths, weight, bias, sides,
                                                            relu, widths);
                      });
}

}  // namespace

void check_users(const Tensor& of, int64_t users) {
  const Tensor on_host = of.cpu();
  const int64_t* user_of = on_host.const_data_ptr<int64_t>();
  int64_t last = 0;
  for (int64_t b = 0; b < of.numel(); ++b) {
    require_sides(user_of[b] == last || (b > 0 && user_of[b] == last + 1),
                  "expected of to rise by 0 or 1, from 0");
    last = user_of[b];
  }
  require_sides(of.numel() == 0 || last < users, "expected of to name no more users than there are");
}

std::vector<Tensor> sided_linears(const Tensor& rows, const Tensor& users, const Tensor& of,
                                  const Tensor& lengths, const std::vector<Tensor>& weights,
                                  const std::vector<Tensor>& biases, const Sides& sides, bool relu) {
  const auto of_kind = rows.is_cpu() ? layers<kCpu> : layers<kAnyDevice>;
  return of_kind(rows, users, of, lengths, weights, biases, sides, relu);
}

Tensor sided_linear(const Tensor& rows, const Tensor& users, const Tensor& of, const Tensor& lengths,
                    const Tensor& weight, const Tensor& bias, const Sides& sides, bool relu) {
  return sided_linears(rows, users, of, lengths, {weight}, {bias}, sides, relu)[0];
}

Tensor any_device::sided_linear(const Tensor& rows, const Tensor& users, const Tensor& of,
                                const Tensor& lengths, const Tensor& weight, const Tensor& bias,
                                const Sides& sides, bool relu) {
  return layers<kAnyDevice>(rows, users, of, lengths, {weight}, {bias}, sides, relu)[0];
}

}  // namespace esmm::ops
