#include "esmm/data/mapped_rows.h"

#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "tests/data/prepare/prepared.h"

namespace esmm::data {
namespace {

constexpr size_t kFields = 5;

// Fields: two with weights, one of one value, one of many without weights, another with weights.
BagLayout mixed_layout() {
  Schema schema;
  schema.fields.resize(kFields);
  for (const size_t f : {0, 1, 3, 4}) schema.fields[f].kind = FieldKind::multi;
  for (const size_t f : {0, 1, 4}) schema.fields[f].weights = "w";
  std::vector<int64_t> all(kFields);
  std::iota(all.begin(), all.end(), 0);
  return BagLayout(schema, all);
}

// Ids 10 f + i of field f, with weights of f + i / 8. Row 0 has 2 3 1 2 1 of them, row 1 none but the one
// value, row 2 1 0 1 0 2.
BagValues three_rows() {
  return {.rows = 3,
          .ids = {0, 1, 10, 11, 12, 20, 30, 31, 40, 20, 0, 20, 40, 41},
          .offsets = {0, 9, 10, 14},
          .lengths = {2, 3, 2, 1, 0, 0, 0, 0, 1, 0, 0, 2},
          .weight_offsets = {0, 6, 6, 9},
          .weights = {0, .125, 1, 1.125, 1.25, 4, 0, 4, 4.125}};
}

MappedRows mapped(std::vector<BagValues> parts) {
  const BagLayout layout = mixed_layout();
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  for (BagValues& values : parts) {
    const int64_t rows = values.rows;
    arrow::ArrayVector columns;
    append_columns(layout, std::move(values), columns);
    batches.push_back(arrow::RecordBatch::Make(arrow::schema(layout.columns()), rows, std::move(columns)));
  }
  return {std::move(batches), layout, 0, "bags.arrow"};
}

struct Found {
  std::vector<StoredIds> pieces;
  std::vector<int64_t> lengths;
};

Found find(const MappedRows& rows, const std::vector<int64_t>& wanted, const std::vector<FieldRun>& runs) {
  std::vector<MappedRows::Place> places;
  for (const int64_t row : wanted) places.push_back(rows.locate(row));
  size_t fields = 0;
  for (const FieldRun& run : runs) fields += run.last - run.first;
  Found found{std::vector<StoredIds>(wanted.size() * runs.size()),
              std::vector<int64_t>(wanted.size() * fields)};
  rows.find(places, runs, {found.pieces.data(), found.lengths.data()}, runs.size(), fields);
  return found;
}

std::vector<int32_t> ids_of(const StoredIds& piece) { return {piece.ids, piece.ids + piece.length}; }
std::vector<float> weights_of(const StoredIds& piece) {
  return {piece.weights, piece.weights + piece.length};
}

TEST_CASE("fields of a row are found with the weights that are theirs") {
  const MappedRows rows = mapped({three_rows()});
  // The last field, the second, then the two without weights.
  const Found found = find(rows, {0, 2, 1},
                           {{.first = 4, .last = 5, .piece = 0, .length = 0},
                            {.first = 1, .last = 2, .piece = 1, .length = 1},
                            {.first = 2, .last = 4, .piece = 2, .length = 2}});
  CHECK(found.lengths == std::vector<int64_t>{1, 3, 1, 2, 2, 0, 1, 0, 0, 0, 1, 0});
  CHECK(ids_of(found.pieces[0]) == std::vector<int32_t>{40});
  CHECK(weights_of(found.pieces[0]) == std::vector<float>{4});
  CHECK(ids_of(found.pieces[1]) == std::vector<int32_t>{10, 11, 12});
  CHECK(weights_of(found.pieces[1]) == std::vector<float>{1, 1.125, 1.25});
  CHECK(ids_of(found.pieces[2]) == std::vector<int32_t>{20, 30, 31});
  CHECK(found.pieces[2].weights == nullptr);
  CHECK(ids_of(found.pieces[3]) == std::vector<int32_t>{40, 41});
  CHECK(weights_of(found.pieces[3]) == std::vector<float>{4, 4.125});
  CHECK(found.pieces[4].length == 0);
  CHECK(ids_of(found.pieces[8]) == std::vector<int32_t>{20});

  const Found both = find(rows, {0}, {{.first = 0, .last = 2, .piece = 0, .length = 0}});
  CHECK(ids_of(both.pieces[0]) == std::vector<int32_t>{0, 1, 10, 11, 12});
  CHECK(weights_of(both.pieces[0]) == std::vector<float>{0, .125, 1, 1.125, 1.25});
}

TEST_CASE("a row that does not fit its columns is found, though its neighbours are not looked at") {
  constexpr int32_t kLowest = std::numeric_limits<int32_t>::min(),
                    kMost = std::numeric_limits<int32_t>::max();
  struct Damage {
    const char* name;
    int64_t row;
    std::function<void(BagValues&)> make;
  };
  const std::vector<Damage> damages{{"a length below 0 that another makes up for", 0,
                                     [](BagValues& values) {
                                       values.lengths[0] = -1;
                                       values.lengths[1] = 6;
                                     }},
                                    {"both ends beyond the ids", 1,
                                     [](BagValues& values) {
                                       values.offsets = {0, 1009, 1010, 14};
                                     }},
                                    {"both ends below 0", 1,
                                     [](BagValues& values) {
                                       values.offsets = {0, -9, -8, 14};
                                     }},
                                    {"an end so low that the difference leaves 32 bits", 1,
                                     [](BagValues& values) {
                                       values.offsets = {0, 9, kLowest, 14};
                                       values.lengths[4] = kMost - 8;
                                     }},
                                    {"weights that end elsewhere", 2,
                                     [](BagValues& values) {
                                       values.weight_offsets = {0, 6, 6, 8};
                                     }},
                                    {"both ends beyond the weights", 2,
                                     [](BagValues& values) {
                                       values.weight_offsets = {0, 6, 1006, 1009};
                                     }},
                                    {"no weights at all", 0, [](BagValues& values) {
                                       values.weights.clear();
                                       values.weight_offsets = {0, 0, 0, 0};
                                     }}};
  for (const Damage& damage : damages) {
    BagValues values = three_rows();
    damage.make(values);
    const MappedRows rows = mapped({values});
    INFO(damage.name);
    CHECK_THAT(
        test::error_of([&] { find(rows, {damage.row}, {{.first = 0, .last = 2, .piece = 0, .length = 0}}); }),
        Catch::Contains("bags.arrow") && Catch::Contains("is damaged"));
  }
}

TEST_CASE("the memory of rows is visited in all columns, batch by batch") {
  const MappedRows rows = mapped({three_rows(), three_rows()});
  std::vector<size_t> bytes;
  std::vector<const void*> addresses;
  rows.visit_memory(2, 3, {}, [&](const void* address, size_t size) {
    addresses.push_back(address);
    bytes.push_back(size);
  });
  // Per batch: ends of ids, ids, lengths, ends of weights, weights; one row of the first, two of the second.
  CHECK(bytes == std::vector<size_t>{8, 16, 16, 8, 12, 12, 40, 32, 12, 24});
  const StoredIds last = find(rows, {2}, {{.first = 0, .last = 1, .piece = 0, .length = 0}}).pieces[0];
  CHECK(addresses[1] == last.ids);
  CHECK(addresses[4] == last.weights);

  BagValues values = three_rows();
  values.offsets = {0, 9, 10, 1014};
  const MappedRows damaged = mapped({values});
  CHECK_THAT(test::error_of([&] { damaged.visit_memory(0, 3, {}, [](const void*, size_t) {}); }),
             Catch::Contains("is damaged"));
}

}  // namespace
}  // namespace esmm::data
