#include "esmm/ops/matrix_product.h"

#include <catch2/catch.hpp>

namespace esmm::ops {
namespace {

using torch::Tensor;

Tensor drawn(torch::IntArrayRef shape) { return torch::randn(shape).to(torch::kBFloat16); }

// But for the rounding to bfloat16, whose numbers have 8 bits.
void check_rounded(const Tensor& got, const Tensor& exact) {
  CHECK(got.scalar_type() == torch::kBFloat16);
  CHECK(torch::allclose(got.to(torch::kDouble), exact, /*rtol=*/1.0 / 256, /*atol=*/1e-4));
}

TEST_CASE("bfloat16 is faster than floats with matrix units, or with vectors that are not Intel's") {
  CHECK_FALSE(bfloat16_is_faster({}, /*intel=*/false));
  CHECK_FALSE(bfloat16_is_faster({"avx512_f", "avx512_vnni"}, /*intel=*/false));
  CHECK(bfloat16_is_faster({"avx512_f", "avx512_bf16"}, /*intel=*/false));
  CHECK_FALSE(bfloat16_is_faster({"avx512_f", "avx512_bf16"}, /*intel=*/true));
  CHECK(bfloat16_is_faster({"avx512_bf16", "amx_bf16"}, /*intel=*/true));
  CHECK(bfloat16_is_faster({"bf16"}, /*intel=*/false));
}

TEST_CASE("a product of bfloat16 is the rounded one, multiplied as it is and as floats") {
  torch::manual_seed(7);
  const Tensor a = drawn({33, 48}), weight = drawn({40, 48}), bias = drawn({40}), b = drawn({33, 20});
  const auto exact = [](const Tensor& x) { return x.to(torch::kDouble); };
  const Tensor y = exact(a).matmul(exact(weight).t());
  for (const bool as_floats : {false, true}) {
    INFO("as floats: " << as_floats);
    check_rounded(product(a, weight, {}, After::none, as_floats), y);
    check_rounded(product(a, weight, bias, After::relu, as_floats), (y + exact(bias)).clamp_min(0));
    check_rounded(transposed_product(a, b, as_floats), exact(a).t().matmul(exact(b)));
  }
}

TEST_CASE("columns of a wider matrix are multiplied like a copy of them") {
  torch::manual_seed(7);
  for (const auto type : {torch::kFloat, torch::kDouble, torch::kBFloat16}) {
    const auto columns = [&](int64_t rows, int64_t width) {
      return torch::randn({rows, width + 5}, torch::kDouble).to(type).narrow(1, 2, width);
    };
    const Tensor a = columns(33, 48), weight = columns(40, 48), b = columns(33, 20);
    const double tolerance = type == torch::kBFloat16 ? 1.0 / 64 : 1e-5;
    CHECK(torch::allclose(product(a, weight), product(a.contiguous(), weight.contiguous()), tolerance,
                          tolerance));
    CHECK(torch::allclose(transposed_product(a, b), transposed_product(a.contiguous(), b.contiguous()),
                          tolerance, tolerance));
  }
}

}  // namespace
}  // namespace esmm::ops
