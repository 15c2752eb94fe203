#pragma once

#include <catch2/catch.hpp>

#include "esmm/model/tensor_batch.h"

namespace esmm::test {

inline void check_same(const torch::Tensor& found, const torch::Tensor& expected) {
  REQUIRE(found.defined() == expected.defined());
  if (!found.defined()) return;
  CHECK(found.dtype() == expected.dtype());
  CHECK(torch::equal(found.cpu(), expected.cpu()));
}

inline void check_same(const ops::TableBags& found, const ops::TableBags& expected) {
  CHECK(found.fields == expected.fields);
  CHECK(found.checked_rows == expected.checked_rows);
  check_same(found.rows, expected.rows);
  check_same(found.offsets, expected.offsets);
  check_same(found.weights, expected.weights);
}

// The same tensors, bit for bit, on whatever device.
inline void check_same(const TensorBatch& found, const TensorBatch& expected) {
  CHECK(found.size == expected.size);
  check_same(found.bags, expected.bags);
  check_same(found.click, expected.click);
  check_same(found.conversion, expected.conversion);
  check_same(found.click_weight, expected.click_weight);
  check_same(found.conversion_weight, expected.conversion_weight);
  REQUIRE(found.users.has_value() == expected.users.has_value());
  if (!found.users) return;
  check_same(found.users->bags, expected.users->bags);
  check_same(found.users->of, expected.users->of);
}

}  // namespace esmm::test
