#include "esmm/ops/sided_linear.h"

#include <ATen/Parallel.h>
#include <torch/autograd.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/ops/bags.h"
#include "esmm/ops/cpu_support.h"
#include "esmm/ops/layer_gradient.h"
#include "esmm/ops/matrix_product.h"
#include "esmm/ops/vectorised.h"

namespace esmm::ops {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kNumbersPerTask = 16384;

int64_t rows_per_task(int64_t width) {
  return std::max<int64_t>(1, kNumbersPerTask / std::max<int64_t>(1, width));
}

// rows[b] += users[of[b]], then max(0, ..) with relu.
void add_users(const Tensor& rows, const Tensor& users, const int64_t* of, bool relu) {
  const int64_t width = rows.size(1);
  cpu::with_type(rows.scalar_type(), [&](auto number) {
    using T = decltype(number);
    using A = Sum<T>;
    T* all = cpu::data_of<T>(rows);
    const T* all_users = cpu::data_of<T>(users);
    at::parallel_for(0, rows.size(0), rows_per_task(width), [&](int64_t begin, int64_t end) {
      vectorised([&] {
        const A floor = relu ? A{0} : -std::numeric_limits<A>::infinity();
        for (int64_t b = begin; b < end; ++b) {
          T* __restrict row = all + b * width;
          const T* __restrict user = all_users + of[b] * width;
          for (int64_t k = 0; k < width; ++k) {
            const A y = static_cast<A>(row[k]) + static_cast<A>(user[k]);
            row[k] = static_cast<T>(y < floor ? floor : y);
          }
        }
      });
    });
  });
}

// |x|^2 of n numbers, in sums that vectors have room for.
template <class A, class T>
A square_length(const T* __restrict x, int64_t n) {
  constexpr int64_t kLanes = 16;
  A sums[kLanes] = {};
  int64_t k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      const A number = static_cast<A>(x[k + lane]);
      sums[lane] += number * number;
    }
  }
  A sum = 0;
  for (; k < n; ++k) sum += static_cast<A>(x[k]) * static_cast<A>(x[k]);
  for (const A of_lane : sums) sum += of_lane;
  return sum;
}

struct UserSums {
  Tensor grad;     // [U, M]: sum over b with of[b] = u of grad[b]
  Tensor lengths;  // [U, 2]: sum over those of |grad[b]|^2, and |their sum|^2
};

UserSums sum_by_user(const Tensor& grad, const Tensor& of, int64_t users) {
  const int64_t width = grad.size(1), rows = grad.size(0);
  const int64_t* user_of = of.const_data_ptr<int64_t>();
  Tensor sums = torch::empty({users, width}, grad.options());
  Tensor lengths = torch::empty({users, 2}, grad.options().dtype(sum_type(grad.scalar_type())));
  cpu::with_type(grad.scalar_type(), [&](auto number) {
    using T = decltype(number);
    using A = Sum<T>;
    const T* all = cpu::data_of<T>(grad);
    T* out = cpu::data_of<T>(sums);
    A* out_lengths = cpu::data_of<A>(lengths);
    const int64_t users_per_task =
        std::max<int64_t>(1, rows_per_task(width) * users / std::max<int64_t>(1, rows));
    at::parallel_for(0, users, users_per_task, [&](int64_t begin, int64_t end) {
      std::vector<A> total(static_cast<size_t>(width));
      int64_t b = std::lower_bound(user_of, user_of + rows, begin) - user_of;
      vectorised([&] {
        A* __restrict added = total.data();
        for (int64_t u = begin; u < end; ++u) {
          for (int64_t k = 0; k < width; ++k) added[k] = 0;
          A apart = 0;
          for (; b < rows && user_of[b] == u; ++b) {
            const T* __restrict row = all + b * width;
            for (int64_t k = 0; k < width; ++k) added[k] += static_cast<A>(row[k]);
            apart += square_length<A>(row, width);
          }
          T* __restrict to = out + u * width;
          for (int64_t k = 0; k < width; ++k) to[k] = static_cast<T>(added[k]);
          out_lengths[2 * u] = apart;
          out_lengths[2 * u + 1] = square_length<A>(added, width);
        }
      });
    });
  });
  return {sums, lengths};
}

// Copies blocks of columns between a matrix that has all of them and one that has those of one side.
void copy_blocks(const Tensor& from, const Tensor& to, const std::vector<int64_t>& places, int64_t width,
                 bool pick) {
  const int64_t rows = from.size(0), bytes = width * from.element_size();
  const auto* source = static_cast<const char*>(from.const_data_ptr());
  auto* target = static_cast<char*>(to.mutable_data_ptr());
  for (int64_t row = 0; row < rows; ++row) {
    const char* source_row = source + row * from.size(1) * from.element_size();
    char* target_row = target + row * to.size(1) * to.element_size();
    for (size_t i = 0; i < places.size(); ++i) {
      const int64_t whole = places[i] * bytes, side = static_cast<int64_t>(i) * bytes;
      std::memcpy(target_row + (pick ? side : whole), source_row + (pick ? whole : side),
                  static_cast<size_t>(bytes));
    }
  }
}

Tensor columns_of(const Tensor& weight, const std::vector<int64_t>& places, int64_t width) {
  Tensor columns =
      torch::empty({weight.size(0), static_cast<int64_t>(places.size()) * width}, weight.options());
  copy_blocks(weight, columns, places, width, /*pick=*/true);
  return columns;
}

void check(const Tensor& rows, const Tensor& users, const Tensor& of, const Tensor& weight,
           const Sides& sides) {
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw InternalError(std::string("sided_linear: ") + what);
  };
  require(rows.is_cpu(), "users apart are for the CPU");
  require(rows.scalar_type() == users.scalar_type(), "expected rows and users of one type");
  require(rows.size(1) == std::ssize(sides.rows) * sides.width &&
              users.size(1) == std::ssize(sides.users) * sides.width &&
              weight.size(1) == rows.size(1) + users.size(1),
          "expected as many columns as the weight has for each side");
  require(of.scalar_type() == torch::kLong && of.is_contiguous() && of.numel() == rows.size(0),
          "expected of int64 [B]");
  const int64_t* user_of = of.const_data_ptr<int64_t>();
  int64_t last = 0;
  for (int64_t b = 0; b < of.numel(); ++b) {
    require(user_of[b] == last || user_of[b] == last + 1, "expected of to rise by 0 or 1, from 0");
    last = user_of[b];
  }
  require(of.numel() == 0 || (user_of[0] == 0 && last + 1 == users.size(0)), "expected of to name each user");
}

class SidedLinear : public torch::autograd::Function<SidedLinear> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& rows, const Tensor& users, const Tensor& of,
                        const Tensor&, const Tensor& weight, const Tensor& bias, const Sides& sides,
                        bool relu) {
    const auto type = rows.scalar_type();
    const Tensor w = weight.to(type).contiguous();
    const Tensor row_weight = columns_of(w, sides.rows, sides.width);
    const Tensor user_weight = columns_of(w, sides.users, sides.width);
    Tensor y = product(rows, row_weight);
    add_users(y, product(users, user_weight, bias.to(type)), of.const_data_ptr<int64_t>(), relu);
    context->saved_data["row_blocks"] = sides.rows;
    context->saved_data["user_blocks"] = sides.users;
    context->saved_data["type"] = weight.scalar_type();
    context->save_for_backward({rows, users, of, row_weight, user_weight, relu ? y : Tensor()});
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &rows = saved[0], &users = saved[1], &of = saved[2], &row_weight = saved[3],
                 &user_weight = saved[4], &y = saved[5];
    const auto type = static_cast<torch::ScalarType>(context->saved_data["type"].toInt());
    const auto row_blocks = context->saved_data["row_blocks"].toIntVector(),
               user_blocks = context->saved_data["user_blocks"].toIntVector();
    const Tensor grad = layer_gradient(grads[0], y).sums;
    const auto [user_grad, lengths] = sum_by_user(grad, of, users.size(0));
    const int64_t units = grad.size(1), inputs = rows.size(1) + users.size(1);
    const int64_t width = inputs / static_cast<int64_t>(row_blocks.size() + user_blocks.size());
    Tensor grad_weight = torch::empty({units, inputs}, rows.options());
    copy_blocks(transposed_product(grad, rows), grad_weight, row_blocks, width, /*pick=*/false);
    copy_blocks(transposed_product(user_grad, users), grad_weight, user_blocks, width, /*pick=*/false);
    return {product(grad, row_weight.t()), product(user_grad, user_weight.t()),         Tensor(), lengths,
            grad_weight.to(type),          layer_gradient(user_grad, {}).bias.to(type), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor sided_linear(const Tensor& rows, const Tensor& users, const Tensor& of, const Tensor& lengths,
                    const Tensor& weight, const Tensor& bias, const Sides& sides, bool relu) {
  check(rows, users, of, weight, sides);
  return SidedLinear::apply(rows, users, of, lengths, weight, bias, sides, relu);
}

}  // namespace esmm::ops
