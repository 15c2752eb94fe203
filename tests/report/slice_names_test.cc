#include "esmm/report/slice_names.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "esmm/features/field_encoder.h"
#include "tests/report/memory_split.h"

namespace esmm::report {
namespace {

using Names = std::vector<std::string>;

// Names of the rows of these texts in a vocabulary that holds nothing else.
Names names_of(const Schema& schema, const Names& texts) {
  std::vector<int64_t> vocabulary;
  for (const std::string& text : texts) vocabulary.push_back(feature_key(text, schema.seed_of(0)));
  std::ranges::sort(vocabulary);
  std::vector<int32_t> rows;
  for (const std::string& text : texts) {
    const auto place = std::ranges::lower_bound(vocabulary, feature_key(text, schema.seed_of(0)));
    rows.push_back(static_cast<int32_t>(place - vocabulary.begin()));
  }
  return slice_names(rows, schema, 0, vocabulary);
}

TEST_CASE("whole numbers and missing values are named again by their keys") {
  CHECK(names_of(test::schema_of({"hour"}), {"0", "23", "", "-1", "3438658"}) ==
        Names{"0", "23", "missing", "-1", "3438658"});
}

TEST_CASE("another text is named by its row, an unknown value by what it is") {
  const Schema schema = test::schema_of({"tab"});
  const std::vector<int64_t> vocabulary{feature_key("feed", schema.seed_of(0))};
  const std::vector<int32_t> rows{0, 1};
  CHECK(slice_names(rows, schema, 0, vocabulary) == Names{"table row 0", "unknown"});
  CHECK(slice_names(rows, schema, 0, {}) == Names{"table row 0", "table row 1"});  // hashed
}

TEST_CASE("a bucket is named by its edges") {
  Schema schema = test::schema_of({"price"});
  schema.fields[0].kind = FieldKind::numeric;
  schema.fields[0].buckets.edges = {0.5, 20};
  CHECK(names_of(schema, {"0", "1", "2", ""}) == Names{"below 0.5", "0.5 to 20", "20 and more", "missing"});
  schema.fields[0].buckets = {.method = BucketMethod::log2, .edges = {}, .steps = 2};
  CHECK(names_of(schema, {"0", "1", "3"}) == Names{"below 1", "1 to 1.414", "2 to 2.828"});
}

}  // namespace
}  // namespace esmm::report
