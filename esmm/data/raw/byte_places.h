#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "esmm/core/vectors.h"

namespace esmm::data {

// Where some bytes stand in a text.
class BytePlaces {
 public:
  BytePlaces() : BytePlaces(available_vectors().back()) {}
  explicit BytePlaces(Vectors vectors) : vectors_(vectors) {}

  // Finds all bytes of `text` (below 4 GiB) that are among `wanted`, 64 bytes at a time.
  void find(std::string_view text, const std::array<char, 5>& wanted);

  // Rising; until the next find.
  std::span<const uint32_t> places() const { return {places_.data(), count_}; }
  // Whether all bytes of the text are below 128.
  bool ascii() const { return ascii_; }

 private:
  template <class Scan>
  void find_with(std::string_view text, const Scan& scan);

  Vectors vectors_;
  std::vector<uint32_t> places_;  // more than are used, so that it grows seldom
  size_t count_ = 0;
  bool ascii_ = true;
};

}  // namespace esmm::data
