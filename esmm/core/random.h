#pragma once

#include <cstdint>

namespace esmm {

// Mixes 64 bits (the finaliser of SplitMix64; Steele, Lea & Flood, OOPSLA 2014).
constexpr uint64_t mix64(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// A seed for one purpose of a run, so that streams never share their numbers.
constexpr uint64_t mix_seed(uint64_t seed, uint64_t stream) { return mix64(mix64(seed) ^ mix64(~stream)); }

// SplitMix64: the same numbers on every machine, unlike the standard library's distributions.
class Random {
 public:
  explicit constexpr Random(uint64_t seed, uint64_t stream = 0) : state_(mix_seed(seed, stream)) {}

  constexpr uint64_t next() {
    const uint64_t value = mix64(state_);
    state_ += 0x9e3779b97f4a7c15ULL;
    return value;
  }

  // Uniform in [0, 1).
  constexpr double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  // Uniform in [0, n); n > 0 (Lemire, ACM TOMACS 2019, without the rejection: bias below n / 2^64).
  constexpr uint64_t below(uint64_t n) {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(next()) * n) >> 64);
  }

  // Standard normal (Box-Muller, one of the pair).
  double normal();

 private:
  uint64_t state_;
};

}  // namespace esmm
