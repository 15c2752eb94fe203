#pragma once

#include <cstdint>

// The columns of a row: D of them, and how loops go over them. Included by row_kernels_impl.h alone, and by
// what it includes: everything has internal linkage.
namespace esmm::ops {
namespace {

// D, known to the compiler where kD > 0.
template <int64_t kD>
struct Columns {
  int64_t count;
  [[gnu::always_inline]] operator int64_t() const { return kD > 0 ? kD : count; }
};

// Calls body(Columns) for a usual D known to the compiler, else for D at run time. Doubles are for tests and
// for the curious: one version does.
template <class E, class Body>
[[gnu::always_inline]] inline void with_columns(int64_t D, const Body& body) {
  if constexpr (sizeof(E) < sizeof(double)) {
    switch (D) {
      case 1:
        return body(Columns<1>{D});
      case 8:
        return body(Columns<8>{D});
      case 16:
        return body(Columns<16>{D});
      case 18:
        return body(Columns<18>{D});
      case 32:
        return body(Columns<32>{D});
      case 64:
        return body(Columns<64>{D});
      case 128:
        return body(Columns<128>{D});
      default:
        break;
    }
  }
  body(Columns<0>{D});
}

// Calls body(width, first column) for the pieces that D columns are made of: all in one where D is known,
// else as many of 32 as fit, then one of 16, 8, 4, 2 and 1 each.
template <int64_t kWidth>
struct Width {
  static constexpr int64_t value = kWidth;
};
template <int64_t kD, class Body>
[[gnu::always_inline]] inline void in_pieces(Columns<kD> D, const Body& body) {
  if constexpr (kD > 0) {
    body(Width<kD>{}, 0);
  } else {
    int64_t d = 0;
    for (; d + 32 <= D; d += 32) body(Width<32>{}, d);
    const auto rest = [&](auto width) {
      if (D - d >= width.value) {
        body(width, d);
        d += width.value;
      }
    };
    rest(Width<16>{});
    rest(Width<8>{});
    rest(Width<4>{});
    rest(Width<2>{});
    rest(Width<1>{});
  }
}

}  // namespace
}  // namespace esmm::ops
