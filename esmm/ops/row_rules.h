#pragma once

#include <cmath>
#include <cstdint>

#include "esmm/ops/row_numbers.h"

// One functor for each UpdateRule: how a row w of D numbers moves along its gradient g, and its state with
// it. Included by row_kernels_impl.h alone: everything has internal linkage. A new rule: its functor here,
// its line in with_rule, its formula in update_rule.h and its state in table_updates.cc.
namespace esmm::ops {
namespace {

template <class A>
struct Sgd {
  A rate;

  template <class E>
  explicit Sgd(const TableUpdate<E>& u) : rate(static_cast<A>(u.options.learning_rate)) {}

  template <int64_t kD>
  [[gnu::always_inline]] void operator()(int64_t, Columns<kD> D, const A* __restrict g,
                                         A* __restrict w) const {
    for (int64_t d = 0; d < D; ++d) w[d] -= rate * g[d];
  }
};

// Sums of squares, which both kinds of Adagrad keep.
template <class A>
struct Squares {
  A rate, epsilon;
  A* sums;

  template <class E>
  explicit Squares(const TableUpdate<E>& u)
      : rate(static_cast<A>(u.options.learning_rate)),
        epsilon(static_cast<A>(u.options.epsilon)),
        sums(u.state[0]) {}
};

template <class A>
struct Adagrad : Squares<A> {
  using Squares<A>::Squares;

  template <int64_t kD>
  [[gnu::always_inline]] void operator()(int64_t row, Columns<kD> D, const A* __restrict g,
                                         A* __restrict w) const {
    A* __restrict s = this->sums + row * D;
    for (int64_t d = 0; d < D; ++d) {
      s[d] += g[d] * g[d];
      w[d] -= this->rate * g[d] / (std::sqrt(s[d]) + this->epsilon);
    }
  }
};

template <class A>
struct RowwiseAdagrad : Squares<A> {
  using Squares<A>::Squares;

  template <int64_t kD>
  [[gnu::always_inline]] void operator()(int64_t row, Columns<kD> D, const A* __restrict g,
                                         A* __restrict w) const {
    A& s = this->sums[row];
    s += sum_of_squares(g, D) / static_cast<A>(int64_t{D});
    const A step = this->rate / (std::sqrt(s) + this->epsilon);
    for (int64_t d = 0; d < D; ++d) w[d] -= step * g[d];
  }
};

// Both moments of Adam.
template <class A>
struct Moments {
  A beta1, rest1, beta2, rest2;
  A *means, *squares;

  template <class E>
  explicit Moments(const TableUpdate<E>& u)
      : beta1(static_cast<A>(u.options.beta1)),
        rest1(static_cast<A>(1 - u.options.beta1)),
        beta2(static_cast<A>(u.options.beta2)),
        rest2(static_cast<A>(1 - u.options.beta2)),
        means(u.state[0]),
        squares(u.state[1]) {}
};

template <class A>
struct LazyAdam : Moments<A> {
  A rate, epsilon;
  A* norms;

  template <class E>
  explicit LazyAdam(const TableUpdate<E>& u)
      : Moments<A>(u),
        rate(static_cast<A>(u.options.learning_rate)),
        epsilon(static_cast<A>(u.options.epsilon)),
        norms(u.state[2]) {}

  template <int64_t kD>
  [[gnu::always_inline]] void operator()(int64_t row, Columns<kD> D, const A* __restrict g,
                                         A* __restrict w) const {
    A* norm = norms + 2 * row;
    norm[0] = this->beta1 * norm[0] + this->rest1;
    norm[1] = this->beta2 * norm[1] + this->rest2;
    const A step = rate / norm[0], correction = 1 / norm[1];
    A* __restrict m = this->means + row * D;
    A* __restrict v = this->squares + row * D;
    for (int64_t d = 0; d < D; ++d) {
      m[d] = this->beta1 * m[d] + this->rest1 * g[d];
      v[d] = this->beta2 * v[d] + this->rest2 * g[d] * g[d];
      w[d] -= step * m[d] / (std::sqrt(v[d] * correction) + epsilon);
    }
  }
};

template <class A>
struct Adam : Moments<A> {
  A step, root_correction, epsilon;

  template <class E>
  explicit Adam(const TableUpdate<E>& u)
      : Moments<A>(u),
        step(static_cast<A>(u.options.learning_rate / (1 - power(u.options.beta1, u.options.step)))),
        root_correction(static_cast<A>(std::sqrt(1 - power(u.options.beta2, u.options.step)))),
        epsilon(static_cast<A>(u.options.epsilon)) {}

  static double power(double base, int64_t exponent) { return std::pow(base, static_cast<double>(exponent)); }

  template <int64_t kD>
  [[gnu::always_inline]] void operator()(int64_t row, Columns<kD> D, const A* __restrict g,
                                         A* __restrict w) const {
    A* __restrict m = this->means + row * D;
    A* __restrict v = this->squares + row * D;
    for (int64_t d = 0; d < D; ++d) {
      m[d] = this->beta1 * m[d] + this->rest1 * g[d];
      v[d] = this->beta2 * v[d] + this->rest2 * g[d] * g[d];
      w[d] -= step * m[d] / (std::sqrt(v[d]) / root_correction + epsilon);
    }
  }

  // n numbers in a row that have no gradient, from the table's place `at` on.
  [[gnu::always_inline]] void rest(int64_t at, int64_t n, A* __restrict w) const {
    A* __restrict m = this->means + at;
    A* __restrict v = this->squares + at;
    for (int64_t k = 0; k < n; ++k) {
      m[k] *= this->beta1;
      v[k] *= this->beta2;
      w[k] -= step * m[k] / (std::sqrt(v[k]) / root_correction + epsilon);
    }
  }
};

// Whether a rule moves rows that have no gradient: then it has a function rest().
template <class Rule>
constexpr bool moves_all = requires(const Rule& rule) {
  rule.rest(0, 0, rule.means);
};

// Calls body(rule) with the functor of the update's rule.
template <class E, class Body>
[[gnu::always_inline]] inline void with_rule(const TableUpdate<E>& update, const Body& body) {
  using A = Sum<E>;
  switch (update.rule) {
    case UpdateRule::sgd:
      return body(Sgd<A>(update));
    case UpdateRule::adagrad:
      return body(Adagrad<A>(update));
    case UpdateRule::rowwise_adagrad:
      return body(RowwiseAdagrad<A>(update));
    case UpdateRule::lazy_adam:
      return body(LazyAdam<A>(update));
    case UpdateRule::adam:
      return body(Adam<A>(update));
  }
}

}  // namespace
}  // namespace esmm::ops
