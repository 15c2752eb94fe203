#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "esmm/ops/flush_denormals.h"
#include "esmm/ops/kernels.h"
#include "esmm/ops/row_sum.h"
#include "esmm/ops/vectorised.h"

namespace esmm::ops::cpu {
namespace {

constexpr int64_t kNumbersPerTask = 32768;  // fewer are not worth waking a thread for

int64_t rows_per_task(int64_t dimension) { return std::max<int64_t>(1, kNumbersPerTask / dimension); }

// A gradient's rows, with L2's part added as they are read.
template <class T>
struct Touched {
  const int32_t* rows;
  const T* values;
  const int32_t* counts;
  T l2;  // strength / B

  Touched(const RowGradient& gradient, const L2& options)
      : rows(gradient.rows.const_data_ptr<int32_t>()),
        values(gradient.values.const_data_ptr<T>()),
        counts(gradient.counts.const_data_ptr<int32_t>()),
        l2(static_cast<T>(options.strength / static_cast<double>(options.batch_size))) {}

  T pull(int64_t u) const { return l2 * static_cast<T>(counts[u]); }  // gradient = values + pull * table row
};

// One element of Adam, with the step's constants worked out.
template <class T>
struct AdamStep {
  T beta1, rest1, beta2, rest2, step_size, root_correction, epsilon;

  AdamStep(const AdamOptions& options, int64_t step)
      : beta1(static_cast<T>(options.beta1)),
        rest1(static_cast<T>(1 - options.beta1)),
        beta2(static_cast<T>(options.beta2)),
        rest2(static_cast<T>(1 - options.beta2)),
        step_size(
            static_cast<T>(options.learning_rate / (1 - std::pow(options.beta1, static_cast<double>(step))))),
        root_correction(static_cast<T>(std::sqrt(1 - std::pow(options.beta2, static_cast<double>(step))))),
        epsilon(static_cast<T>(options.epsilon)) {}

  void touch(T gradient, T& weight, T& m, T& v) const {
    m = beta1 * m + rest1 * gradient;
    v = beta2 * v + rest2 * gradient * gradient;
    move(weight, m, v);
  }
  void decay(T& weight, T& m, T& v) const {
    m = beta1 * m;
    v = beta2 * v;
    move(weight, m, v);
  }
  void move(T& weight, T m, T v) const {
    weight -= step_size * m / (std::sqrt(v) / root_correction + epsilon);
  }
};

// Rows begin .. end - 1 of the table: each touched one by itself, each stretch between two of them in one go.
template <class T>
void adam_rows(int64_t begin, int64_t end, int64_t D, const AdamStep<T>& adam, const Touched<T>& touched,
               int64_t count, T* __restrict table, T* __restrict m, T* __restrict v) {
  int64_t u = std::lower_bound(touched.rows, touched.rows + count, begin) - touched.rows;
  for (int64_t row = begin; row < end; ++row, ++u) {
    const int64_t next = u < count ? std::min<int64_t>(touched.rows[u], end) : end;
    for (int64_t k = row * D; k < next * D; ++k) adam.decay(table[k], m[k], v[k]);
    row = next;
    if (row == end) return;
    const T pull = touched.pull(u);
    const T* __restrict gradient = touched.values + u * D;
    for (int64_t d = 0, k = row * D; d < D; ++d, ++k)
      adam.touch(gradient[d] + pull * table[k], table[k], m[k], v[k]);
  }
}

template <int64_t kD, class T>
void adagrad_rows(int64_t begin, int64_t end, int64_t dimension, int64_t count, T learning_rate, T epsilon,
                  const Touched<T>& touched, T* __restrict table, T* __restrict s) {
  const int64_t D = kD > 0 ? kD : dimension;
  for (int64_t u = begin; u < end; ++u) {
    if (u + kPrefetchAhead < count) {
      const int64_t soon = touched.rows[u + kPrefetchAhead];
      prefetch_row<kD>(table + soon * D, D);
      __builtin_prefetch(s + soon);
    }
    const T pull = touched.pull(u);
    const T* __restrict gradient = touched.values + u * D;
    T* __restrict row = table + int64_t{touched.rows[u]} * D;
    T& sum = s[touched.rows[u]];
    T squares = 0;
    for (int64_t d = 0; d < D; ++d) {
      const T g = gradient[d] + pull * row[d];
      squares += g * g;
    }
    sum += squares / static_cast<T>(D);
    const T rate = learning_rate / (std::sqrt(sum) + epsilon);
    for (int64_t d = 0; d < D; ++d) row[d] -= rate * (gradient[d] + pull * row[d]);
  }
}

}  // namespace

void adam_dense(torch::Tensor& table, torch::Tensor& m, torch::Tensor& v, const RowGradient& gradient,
                int64_t step, const AdamOptions& options, const L2& l2) {
  const int64_t D = table.size(1);
  const int64_t count = gradient.rows.numel();
  with_type(table.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const Touched<T> touched(gradient, l2);
    const AdamStep<T> adam(options, step);
    T* table_data = table.mutable_data_ptr<T>();
    T* m_data = m.mutable_data_ptr<T>();
    T* v_data = v.mutable_data_ptr<T>();
    at::parallel_for(0, table.size(0), rows_per_task(D), [&](int64_t begin, int64_t end) {
      const FlushDenormals flush;
      vectorised([&] { adam_rows(begin, end, D, adam, touched, count, table_data, m_data, v_data); });
    });
  });
}

void adagrad_rowwise(torch::Tensor& table, torch::Tensor& s, const RowGradient& gradient,
                     double learning_rate, double epsilon, const L2& l2) {
  const int64_t D = table.size(1);
  const int64_t count = gradient.rows.numel();
  with_type(table.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const Touched<T> touched(gradient, l2);
    T* table_data = table.mutable_data_ptr<T>();
    T* s_data = s.mutable_data_ptr<T>();
    with_dimension(D, [&](auto dimension) {
      at::parallel_for(0, count, rows_per_task(D), [&](int64_t begin, int64_t end) {
        vectorised([&] {
          adagrad_rows<dimension()>(begin, end, D, count, static_cast<T>(learning_rate),
                                    static_cast<T>(epsilon), touched, table_data, s_data);
        });
      });
    });
  });
}

}  // namespace esmm::ops::cpu
