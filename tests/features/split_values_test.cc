#include "esmm/features/split_values.h"

#include <catch2/catch.hpp>

namespace esmm {
namespace {

using Texts = std::vector<std::string_view>;

Texts values_of(std::string_view text, std::string_view separator = " ") {
  Texts values;
  split_values(text, separator, values);
  return values;
}

Texts weights_of(std::string_view text, const Texts& values) {
  Texts weights{"of the row before"};
  split_weights(text, " ", values, weights);
  return {weights.begin() + 1, weights.end()};
}

TEST_CASE("a text has one value more than separators, and none where it is empty") {
  CHECK(values_of("").empty());
  CHECK(values_of("1") == Texts{"1"});
  CHECK(values_of("1 5") == Texts{"1", "5"});
  CHECK(values_of(" 1  5 ") == Texts{"", "1", "", "5", ""});
  CHECK(values_of("39, 40", ", ") == Texts{"39", "40"});
}

TEST_CASE("weights stand where their values do, and may lack or exceed them by empty ones at the end") {
  CHECK(weights_of("1 2", {"a", "b"}) == Texts{"1", "2"});
  CHECK(weights_of("1 2 3", {"a", "", "b"}) == Texts{"1", "2", "3"});
  CHECK(weights_of("1 2", {"a", "b", ""}) == Texts{"1", "2", ""});
  CHECK(weights_of("1 2 ", {"a", "b"}) == Texts{"1", "2"});
  CHECK(weights_of("", {}).empty());
  CHECK(weights_of("1", {"a", "b"}) == Texts{"1"});                // too few
  CHECK(weights_of("1 2 3", {"a", "b"}) == Texts{"1", "2", "3"});  // too many
}

}  // namespace
}  // namespace esmm
