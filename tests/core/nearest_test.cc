#include "esmm/core/nearest.h"

#include <catch2/catch.hpp>

TEST_CASE("the edit distance counts inserted, deleted, replaced and swapped letters") {
  CHECK(esmm::edit_distance("", "") == 0);
  CHECK(esmm::edit_distance("", "abc") == 3);
  CHECK(esmm::edit_distance("kitten", "sitting") == 3);
  CHECK(esmm::edit_distance("epohcs", "epochs") == 1);
}

TEST_CASE("the nearest name is the one that a slip explains") {
  const std::vector<std::string> names{"epochs", "batch_size", "learning_rate", "l2"};
  CHECK(esmm::nearest("epoch", names) == "epochs");
  CHECK(esmm::nearest("Batch_Size", names) == "batch_size");
  CHECK(esmm::nearest("learning", names) == "learning_rate");
  CHECK(esmm::nearest("zebra", names).empty());
  CHECK(esmm::nearest("", names).empty());
  CHECK(esmm::did_you_mean("epoch", names) == "did you mean \"epochs\"?");
  CHECK(esmm::did_you_mean("zebra", names).empty());
}
