#include "esmm/data/prepare/output_files.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <catch2/catch.hpp>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace esmm::data {
namespace {

// A text, and one field of many values.
BagPlaces places_with_text() {
  Schema schema;
  schema.fields.resize(1);
  schema.fields[0].kind = FieldKind::multi;
  return {.bags = BagLayout(schema, {0}), .first = 1, .text_column = 0};
}

// Rows with so many ids, and a text of so many bytes.
Piece piece_of(const std::vector<std::pair<int32_t, size_t>>& rows) {
  BagValues values;
  values.rows = std::ssize(rows);
  arrow::StringBuilder texts;
  for (const auto& [ids, bytes] : rows) {
    REQUIRE(texts.Append(std::string(bytes, 'x')).ok());
    values.ids.resize(values.ids.size() + static_cast<size_t>(ids));
    values.offsets.push_back(static_cast<int32_t>(values.ids.size()));
    values.lengths.push_back(ids);
  }
  const BagLayout layout = places_with_text().bags;
  arrow::FieldVector fields = layout.columns();
  fields.insert(fields.begin(), arrow::field("id", arrow::utf8(), false));
  arrow::ArrayVector columns{texts.Finish().ValueOrDie()};
  append_columns(layout, std::move(values), columns);
  return {.rows = arrow::RecordBatch::Make(arrow::schema(fields), std::ssize(rows), std::move(columns)),
          .keys = {},
          .keys_owner = {}};
}

// Piece, begin and end of the parts of each batch.
using Parts = std::vector<std::vector<std::tuple<int64_t, int64_t, int64_t>>>;

Parts cut(const std::vector<Piece>& pieces, const BatchLimits& limits) {
  const BagPlaces places = places_with_text();
  Parts parts;
  for (const std::vector<PieceRows>& batch : cut_batches(pieces, places, limits)) {
    parts.emplace_back();
    for (const PieceRows& part : batch)
      parts.back().emplace_back(part.piece - pieces.data(), part.begin, part.end);
  }
  return parts;
}

const std::vector<Piece>& two_pieces() {
  static const std::vector<Piece> pieces{piece_of({{3, 1}, {0, 1}, {2, 9}}),
                                         piece_of({{1, 1}, {8, 1}, {1, 1}})};
  return pieces;
}

TEST_CASE("pieces stand in a batch after each other until it has its rows") {
  CHECK(cut(two_pieces(), {.rows = 4}) == Parts{{{0, 0, 3}, {1, 0, 1}}, {{1, 1, 3}}});
  CHECK(cut(two_pieces(), {.rows = 2}) == Parts{{{0, 0, 2}}, {{0, 2, 3}, {1, 0, 1}}, {{1, 1, 3}}});
  CHECK(cut(two_pieces(), {}) == Parts{{{0, 0, 3}, {1, 0, 3}}});
  CHECK(cut({}, {}).empty());
}

TEST_CASE("a batch ends with the row that brings it to its ids, also where that row alone has more") {
  CHECK(cut(two_pieces(), {.ids = 5}) == Parts{{{0, 0, 3}}, {{1, 0, 2}}, {{1, 2, 3}}});
  CHECK(cut(two_pieces(), {.ids = 6}) == Parts{{{0, 0, 3}, {1, 0, 1}}, {{1, 1, 2}}, {{1, 2, 3}}});
  CHECK(cut(two_pieces(), {.ids = 7}) == Parts{{{0, 0, 3}, {1, 0, 2}}, {{1, 2, 3}}});
}

TEST_CASE("a batch ends with the row that brings it to its bytes of text") {
  CHECK(cut(two_pieces(), {.bytes = 10}) == Parts{{{0, 0, 3}}, {{1, 0, 3}}});
  CHECK(cut(two_pieces(), {.bytes = 2}) == Parts{{{0, 0, 2}}, {{0, 2, 3}}, {{1, 0, 2}}, {{1, 2, 3}}});
}

TEST_CASE("a batch has at most 2^16 rows, 2^25 ids and 2^30 bytes of text, and a row that goes beyond") {
  const BatchLimits limits;
  CHECK(limits.rows == 65'536);
  CHECK(limits.ids == 33'554'432);
  CHECK(limits.bytes == 1'073'741'824);
}

}  // namespace
}  // namespace esmm::data
