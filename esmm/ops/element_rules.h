#pragma once

#include <cmath>
#include <cstdint>

#include "esmm/ops/host_device.h"
#include "esmm/ops/update_rule.h"

// The arithmetic of each UpdateRule, number by number, for the CPU's loops (row_rules.h) and CUDA's
// (grid_update.h). A rule has
//   kRowState      how many numbers of state it keeps per row (TableState's last)
//   kElementState  how many per element
//   kMeanSquare    whether it wants the mean square of a row's h
//   kMovesAll      whether rows without a gradient move too: by rest()
//   row(..)        moves a row's state; what it returns goes to each of the row's elements
//   element(..)    moves an element w along its gradient g, and its state; h = c g (update_rule.h)
// Everything has internal linkage: each file that includes this is compiled for machines of its own.
namespace esmm::ops {
namespace {

template <class A>
struct Sgd {
  static constexpr int kRowState = 0, kElementState = 0;
  static constexpr bool kMeanSquare = false, kMovesAll = false;
  struct Row {};
  A rate;

  explicit Sgd(const UpdateOptions& o) : rate(static_cast<A>(o.learning_rate)) {}

  ESMM_HOST_DEVICE Row row(A, A*) const { return {}; }
  ESMM_HOST_DEVICE void element(Row, A g, A, A& w) const { w -= rate * g; }
};

template <class A>
struct Adagrad {
  static constexpr int kRowState = 0, kElementState = 1;
  static constexpr bool kMeanSquare = false, kMovesAll = false;
  struct Row {};
  A rate, epsilon;

  explicit Adagrad(const UpdateOptions& o)
      : rate(static_cast<A>(o.learning_rate)), epsilon(static_cast<A>(o.epsilon)) {}

  ESMM_HOST_DEVICE Row row(A, A*) const { return {}; }
  ESMM_HOST_DEVICE void element(Row, A g, A h, A& w, A& sum) const {
    sum += h * h;
    w -= rate * g / (std::sqrt(sum) + epsilon);
  }
};

template <class A>
struct RowwiseAdagrad {
  static constexpr int kRowState = 1, kElementState = 0;
  static constexpr bool kMeanSquare = true, kMovesAll = false;
  struct Row {
    A step;
  };
  A rate, epsilon;

  explicit RowwiseAdagrad(const UpdateOptions& o)
      : rate(static_cast<A>(o.learning_rate)), epsilon(static_cast<A>(o.epsilon)) {}

  ESMM_HOST_DEVICE Row row(A mean_square, A* sum) const {
    sum[0] += mean_square;
    return {rate / (std::sqrt(sum[0]) + epsilon)};
  }
  ESMM_HOST_DEVICE void element(Row of_row, A g, A, A& w) const { w -= of_row.step * g; }
};

// Both moments of Adam.
template <class A>
struct Moments {
  A beta1, rest1, beta2, rest2, epsilon;

  explicit Moments(const UpdateOptions& o)
      : beta1(static_cast<A>(o.beta1)),
        rest1(static_cast<A>(1 - o.beta1)),
        beta2(static_cast<A>(o.beta2)),
        rest2(static_cast<A>(1 - o.beta2)),
        epsilon(static_cast<A>(o.epsilon)) {}
};

template <class A>
struct LazyAdam : Moments<A> {
  static constexpr int kRowState = 2, kElementState = 2;
  static constexpr bool kMeanSquare = false, kMovesAll = false;
  struct Row {
    A step, correction;
  };
  A rate;

  explicit LazyAdam(const UpdateOptions& o) : Moments<A>(o), rate(static_cast<A>(o.learning_rate)) {}

  ESMM_HOST_DEVICE Row row(A, A* norms) const {
    norms[0] = this->beta1 * norms[0] + this->rest1;
    norms[1] = this->beta2 * norms[1] + this->rest2;
    return {rate / norms[0], 1 / norms[1]};
  }
  ESMM_HOST_DEVICE void element(Row of_row, A g, A h, A& w, A& m, A& v) const {
    m = this->beta1 * m + this->rest1 * g;
    v = this->beta2 * v + this->rest2 * h * h;
    w -= of_row.step * m / (std::sqrt(v * of_row.correction) + this->epsilon);
  }
};

template <class A>
struct Adam : Moments<A> {
  static constexpr int kRowState = 0, kElementState = 2;
  static constexpr bool kMeanSquare = false, kMovesAll = true;
  struct Row {};
  A step, root_correction;

  explicit Adam(const UpdateOptions& o)
      : Moments<A>(o),
        step(static_cast<A>(o.learning_rate / (1 - power(o.beta1, o.step)))),
        root_correction(static_cast<A>(std::sqrt(1 - power(o.beta2, o.step)))) {}

  static double power(double base, int64_t exponent) { return std::pow(base, static_cast<double>(exponent)); }

  ESMM_HOST_DEVICE Row row(A, A*) const { return {}; }
  ESMM_HOST_DEVICE void element(Row, A g, A h, A& w, A& m, A& v) const {
    m = this->beta1 * m + this->rest1 * g;
    v = this->beta2 * v + this->rest2 * h * h;
    w -= step * m / (std::sqrt(v) / root_correction + this->epsilon);
  }
  ESMM_HOST_DEVICE void rest(A& w, A& m, A& v) const {
    m *= this->beta1;
    v *= this->beta2;
    w -= step * m / (std::sqrt(v) / root_correction + this->epsilon);
  }
};

// Calls body(rule) with the rule of that name.
template <class A, class Body>
[[gnu::always_inline]] inline void with_element_rule(UpdateRule rule, const UpdateOptions& options,
                                                     const Body& body) {
  switch (rule) {
    case UpdateRule::sgd:
      return body(Sgd<A>(options));
    case UpdateRule::adagrad:
      return body(Adagrad<A>(options));
    case UpdateRule::rowwise_adagrad:
      return body(RowwiseAdagrad<A>(options));
    case UpdateRule::lazy_adam:
      return body(LazyAdam<A>(options));
    case UpdateRule::adam:
      return body(Adam<A>(options));
  }
}

}  // namespace
}  // namespace esmm::ops
