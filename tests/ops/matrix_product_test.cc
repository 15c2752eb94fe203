#include "esmm/ops/matrix_product.h"

#include <catch2/catch.hpp>

namespace esmm::ops {
namespace {

TEST_CASE("bfloat16 is faster than floats with matrix units, or with vectors that are not Intel's") {
  CHECK_FALSE(bfloat16_is_faster({}, /*intel=*/false));
  CHECK_FALSE(bfloat16_is_faster({"avx512_f", "avx512_vnni"}, /*intel=*/false));
  CHECK(bfloat16_is_faster({"avx512_f", "avx512_bf16"}, /*intel=*/false));
  CHECK_FALSE(bfloat16_is_faster({"avx512_f", "avx512_bf16"}, /*intel=*/true));
  CHECK(bfloat16_is_faster({"avx512_bf16", "amx_bf16"}, /*intel=*/true));
  CHECK(bfloat16_is_faster({"bf16"}, /*intel=*/false));
}

}  // namespace
}  // namespace esmm::ops
