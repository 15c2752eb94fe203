#include "esmm/features/field_encoder.h"

#include <catch2/catch.hpp>

#include <charconv>
#include <cmath>
#include <string>

using esmm::BucketMethod;
using esmm::Field;
using esmm::FieldEncoder;
using esmm::FieldKind;
using esmm::KeyBags;
using esmm::Schema;
using esmm::ValueType;
using Keys = std::vector<int64_t>;

namespace {

// Keys from Python: xxhash.xxh3_64_intdigest(text, seed=xxhash.xxh3_64_intdigest(name, 0)), as signed
// numbers.
constexpr int64_t kUser1 = -2152673999898032994;
constexpr int64_t kUserMinus5 = -4006614871912829578;
constexpr int64_t kUserMissing = 1503618256843081421;
constexpr int64_t kVideo7136 = -5597526271270572225;
constexpr int64_t kTag39 = 3835769008973322394;
constexpr int64_t kPrice3 = -1573411170881944643;
constexpr int64_t kCross1And39 = 5531802576851948252;
constexpr int64_t kCityMunich = 2902269777043395872;

Field field(const std::string& name, FieldKind kind = FieldKind::categorical,
            ValueType type = ValueType::string) {
  Field result;
  result.name = name;
  result.kind = kind;
  result.type = type;
  return result;
}

Schema schema_of(std::vector<Field> fields) { return {.fields = std::move(fields)}; }

struct Canonical {
  bool good;
  std::string text, why;
};

Canonical canonical(const Field& of, std::string_view value) {
  const FieldEncoder encoder(schema_of({of}), 0);
  std::string scratch, why;
  std::string_view text;
  const bool good = encoder.canonical(value, scratch, text, why);
  return {good, good ? std::string(text) : "", why};
}

}  // namespace

TEST_CASE("keys are XXH3 of the text, seeded by XXH3 of the field's name") {
  const Schema schema = schema_of({field("user_id"), field("city"), field("long")});
  CHECK(schema.seed_of(0) == 15372273668077670305u);
  CHECK(FieldEncoder(schema, 0).key("1") == kUser1);
  CHECK(FieldEncoder(schema, 0).key("") == kUserMissing);
  CHECK(FieldEncoder(schema, 1).key("M\u00fcnchen") == kCityMunich);
  CHECK(FieldEncoder(schema, 2).key(std::string(300, 'x')) == 4428711470424459604);
}

TEST_CASE("a field that shares rows has the other field's keys") {
  Field watched = field("watched", FieldKind::multi);
  watched.shares = "video_id";
  const Schema schema = schema_of({field("video_id"), watched});
  CHECK(FieldEncoder(schema, 1).key("7136") == kVideo7136);
}

TEST_CASE("an integer's text is canonical decimal") {
  const Field id = field("user_id", FieldKind::categorical, ValueType::integer);
  const std::vector<std::pair<std::string, std::string>> cases{
      {"1", "1"},    {"01", "1"},
      {"1.0", "1"},  {"+1", "1"},
      {"1.", "1"},   {"-5.00", "-5"},
      {"-0", "0"},   {"000", "0"},
      {"0.0", "0"},  {"123456789012345678901234567890", "123456789012345678901234567890"},
      {"-007", "-7"}};
  for (const auto& [value, text] : cases) {
    CAPTURE(value);
    CHECK(canonical(id, value).good);
    CHECK(canonical(id, value).text == text);
  }
  CHECK(canonical(id, "").text.empty());
  for (const char* value : {"abc", "1.5", "1e3", "-", ".", " 1", "1 ", "0x10", "--1", "nan"}) {
    CAPTURE(value);
    CHECK_FALSE(canonical(id, value).good);
  }
  CHECK(canonical(id, "abc").why == "expected a whole number, got 'abc'");
}

TEST_CASE("a string stays as it stands") { CHECK(canonical(field("city"), " 01.0 ").text == " 01.0 "); }

TEST_CASE("a bucket is the number of edges that are not above the number") {
  Field price = field("price", FieldKind::numeric);
  price.buckets.method = BucketMethod::edges;
  price.buckets.edges = {0, 10, 20};
  for (const auto& [value, bucket] : std::vector<std::pair<std::string, std::string>>{{"-0.5", "0"},
                                                                                      {"0", "1"},
                                                                                      {"9.99", "1"},
                                                                                      {"10", "2"},
                                                                                      {"1e1", "2"},
                                                                                      {"20", "3"},
                                                                                      {"1e300", "3"},
                                                                                      {"", ""},
                                                                                      {"NaN", ""}}) {
    CAPTURE(value);
    CHECK(canonical(price, value).text == bucket);
  }
  CHECK_FALSE(canonical(price, "inf").good);
  CHECK_FALSE(canonical(price, "12,5").good);
  CHECK(FieldEncoder(schema_of({price}), 0).key("3") == kPrice3);
}

TEST_CASE("log2 buckets are numbered from 1 and hold what is below 1 in bucket 0") {
  Field price = field("price", FieldKind::numeric);
  price.buckets.method = BucketMethod::log2;
  price.buckets.steps = 2;
  for (const auto& [value, bucket] : std::vector<std::pair<std::string, std::string>>{
           {"-3", "0"}, {"0.99", "0"}, {"1", "1"}, {"1.41", "1"}, {"1.5", "2"}, {"2", "3"}, {"1024", "21"}}) {
    CAPTURE(value);
    CHECK(canonical(price, value).text == bucket);
  }
}

TEST_CASE("a missing single value has a key and a missing list is an empty bag") {
  const Schema schema = schema_of({field("user_id"), field("tag", FieldKind::multi)});
  KeyBags bags;
  std::string why;
  REQUIRE(FieldEncoder(schema, 0).append({}, {}, bags, why));
  REQUIRE(FieldEncoder(schema, 1).append({}, {}, bags, why));
  CHECK(bags.ids == Keys{kUserMissing});
  CHECK(bags.offsets == Keys{0, 1, 1});
}

TEST_CASE("empty values of a list are skipped with their weights") {
  const Schema schema = schema_of({field("tag", FieldKind::multi)});
  KeyBags bags;
  std::string why;
  const std::vector<std::string_view> values{"", "39", "39"};
  const std::vector<float> weights{7, 0.5f, 2};
  REQUIRE(FieldEncoder(schema, 0).append(values, weights, bags, why));
  CHECK(bags.ids == Keys{kTag39, kTag39});
  CHECK(bags.weights == std::vector<float>{0.5f, 2});
}

TEST_CASE("bad input leaves the bags as they were") {
  Field ids = field("user_id", FieldKind::multi, ValueType::integer);
  const FieldEncoder encoder(schema_of({ids}), 0);
  KeyBags bags;
  std::string why;
  const std::vector<std::string_view> good{"-5"}, bad{"1", "x"};
  REQUIRE(encoder.append(good, {}, bags, why));
  CHECK_FALSE(encoder.append(bad, std::vector<float>{0.5f, 0.5f}, bags, why));
  CHECK(bags.ids == Keys{kUserMinus5});
  CHECK(bags.weights.empty());
  CHECK(bags.offsets == Keys{0, 1});
}

TEST_CASE("a single-valued field refuses two values") {
  const FieldEncoder encoder(schema_of({field("user_id")}), 0);
  KeyBags bags;
  std::string why;
  const std::vector<std::string_view> two{"1", "2"};
  CHECK_FALSE(encoder.append(two, {}, bags, why));
  CHECK(why == "expected one value, got 2");
}

TEST_CASE("a row encoder makes crosses from canonical texts and takes a bad row back") {
  Field cross = field("user_id_x_tag", FieldKind::crossed);
  cross.cross = {"user_id", "tag"};
  const esmm::RowEncoder rows(
      schema_of({cross, field("user_id", FieldKind::categorical, ValueType::integer), field("tag")}));
  KeyBags bags;
  std::string why;
  const std::vector<std::string_view> user{"01"}, tag{"39"}, bad{"x"};
  REQUIRE(rows.append(std::vector<esmm::RawBag>{{}, {user, {}}, {tag, {}}}, bags, why));
  CHECK(bags.ids == Keys{kCross1And39, kUser1, kTag39});
  CHECK_FALSE(rows.append(std::vector<esmm::RawBag>{{}, {bad, {}}, {tag, {}}}, bags, why));
  CHECK(bags.bags() == 3);
  CHECK(bags.ids.size() == 3);
}

TEST_CASE("numbers of any length and form are the doubles that the standard library reads") {
  uint64_t state = 1;
  const auto below = [&](uint64_t most) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % most;
  };
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (uint64_t i = below(20); i > 0; --i) text += static_cast<char>('0' + below(10));
    const auto insert = [&](char byte) {
      text.insert(text.begin() + static_cast<int64_t>(below(text.size() + 1)), byte);
    };
    if (below(2) == 0) insert('.');
    if (below(20) == 0) insert(below(2) == 0 ? '-' : 'e');
    double expected = 0, number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), expected);
    const bool good = error == std::errc() && end == text.data() + text.size() && std::isfinite(expected);
    CAPTURE(text);
    REQUIRE(esmm::parse_number(text, number) == good);
    if (good) REQUIRE(number == expected);
  }
}
