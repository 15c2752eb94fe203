#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include "esmm/ops/bags.h"
#include "esmm/ops/cpu/cpu_support.h"
#include "esmm/ops/cpu/vectorised.h"
#include "esmm/ops/matrix_product.h"
#include "esmm/ops/sided_kernels.h"

namespace esmm::ops::cpu {
namespace {

using torch::Tensor;

constexpr int64_t kSumsPerTask = 16384;

int64_t rows_per_task(int64_t width) {
  return std::max<int64_t>(1, kSumsPerTask / std::max<int64_t>(1, width));
}

// rows[b] += users[of[b]], then max(0, ..) with relu.
void add_users(const Tensor& rows, const Tensor& users, const int64_t* of, bool relu) {
  const int64_t width = rows.size(1);
  with_type(rows.scalar_type(), [&](auto number) {
    using T = decltype(number);
    using A = Sum<T>;
    T* all = data_of<T>(rows);
    const T* all_users = data_of<T>(users);
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

}  // namespace

Tensor columns_of(const Tensor& weight, const std::vector<int64_t>& places, int64_t width) {
  Tensor columns =
      torch::empty({weight.size(0), static_cast<int64_t>(places.size()) * width}, weight.options());
  copy_blocks(weight, columns, places, width, /*pick=*/true);
  return columns;
}

Tensor all_columns(const Tensor& rows, const Tensor& users, const Sides& sides) {
  Tensor all = torch::empty({rows.size(0), rows.size(1) + users.size(1)}, rows.options());
  copy_blocks(rows, all, sides.rows, sides.width, /*pick=*/false);
  copy_blocks(users, all, sides.users, sides.width, /*pick=*/false);
  return all;
}

Tensor sided_sum(const Tensor& rows, const Tensor& weight, const Tensor& users, const Tensor& of, bool relu) {
  Tensor y = product(rows, weight);
  add_users(y, users, of.const_data_ptr<int64_t>(), relu);
  return y;
}

UserSums sum_by_user(const Tensor& grad, const Tensor& of, int64_t users) {
  const int64_t width = grad.size(1), rows = grad.size(0);
  const int64_t* user_of = of.const_data_ptr<int64_t>();
  Tensor sums = torch::empty({users, width}, grad.options());
  Tensor lengths = torch::empty({users, 2}, grad.options().dtype(sum_type(grad.scalar_type())));
  with_type(grad.scalar_type(), [&](auto number) {
    using T = decltype(number);
    using A = Sum<T>;
    const T* all = data_of<T>(grad);
    T* out = data_of<T>(sums);
    A* out_lengths = data_of<A>(lengths);
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

}  // namespace esmm::ops::cpu
