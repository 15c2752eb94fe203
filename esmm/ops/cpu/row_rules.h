#pragma once

#include <cstdint>
#include <type_traits>

#include "esmm/ops/cpu/row_numbers.h"
#include "esmm/ops/element_rules.h"

// A rule of element_rules.h on whole rows. Included by row_kernels_impl.h alone: everything has internal
// linkage.
namespace esmm::ops {
namespace {

template <class Rule, class A>
struct RowRule {
  static constexpr bool kMovesAll = Rule::kMovesAll;
  Rule rule;
  A* elements[2] = {};  // state per element [V, D], as many as the rule has
  A* rows = nullptr;    // state per row [V, Rule::kRowState]

  RowRule(const Rule& of, A* const state[3]) : rule(of) {
    for (int k = 0; k < Rule::kElementState; ++k) elements[k] = state[k];
    if (Rule::kRowState > 0) rows = state[Rule::kElementState];
  }

  // Moves a row w of D numbers along its gradient g, and its state. scale: c (update_rule.h).
  template <int64_t kD>
  [[gnu::always_inline]] void operator()(int64_t row, Columns<kD> D, const A* __restrict g, A scale,
                                         A* __restrict w) const {
    A mean_square{};
    if constexpr (Rule::kMeanSquare)
      mean_square = scale * scale * sum_of_squares(g, D) / static_cast<A>(int64_t{D});
    const auto of_row = rule.row(mean_square, rows + row * Rule::kRowState);
    if constexpr (Rule::kElementState == 0) {
      for (int64_t d = 0; d < D; ++d) rule.element(of_row, g[d], scale * g[d], w[d]);
    } else {
      A* __restrict first = elements[0] + row * D;
      if constexpr (Rule::kElementState == 1) {
        for (int64_t d = 0; d < D; ++d) rule.element(of_row, g[d], scale * g[d], w[d], first[d]);
      } else {
        A* __restrict second = elements[1] + row * D;
        for (int64_t d = 0; d < D; ++d) rule.element(of_row, g[d], scale * g[d], w[d], first[d], second[d]);
      }
    }
  }

  // n numbers in a row that have no gradient, from the table's place `at` on.
  [[gnu::always_inline]] void rest(int64_t at, int64_t n, A* __restrict w) const {
    A* __restrict first = elements[0] + at;
    A* __restrict second = elements[1] + at;
    for (int64_t k = 0; k < n; ++k) rule.rest(w[k], first[k], second[k]);
  }
};

template <class Rule>
constexpr bool moves_all = Rule::kMovesAll;

// Calls body(rule) with the RowRule of the update's rule.
template <class E, class Body>
[[gnu::always_inline]] inline void with_rule(const TableUpdate<E>& update, const Body& body) {
  with_element_rule<Sum<E>>(update.rule, update.options, [&](const auto& rule) {
    body(RowRule<std::remove_cvref_t<decltype(rule)>, Sum<E>>(rule, update.state));
  });
}

}  // namespace
}  // namespace esmm::ops
