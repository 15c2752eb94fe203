#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <string>
#include <type_traits>
#include <vector>

#include "esmm/config/keys.h"
#include "tests/config/support.h"

namespace config = esmm::config;

namespace {

struct Bound {
  std::string override_text;  // a value just outside
  std::string key;
  std::string bounds;
};

template <class T>
struct Inner {
  using Type = T;
  static constexpr bool kIsList = false;
};
template <class T>
struct Inner<std::vector<T>> {
  using Type = T;
  static constexpr bool kIsList = true;
};
template <class T>
struct Inner<std::optional<T>> : Inner<T> {};

template <class T>
std::string outside(double bound, bool open, int direction) {
  if (open) return fmt::format("{}", bound);
  return fmt::format("{}", std::is_same_v<T, double> ? bound + direction * 1e-3 : bound + direction);
}

// Every bound of a struct's table and of the structs in it, those in lists by their first entry.
template <config::Described T>
void collect(const std::string& path, std::vector<Bound>& bounds) {
  config::describe(config::Keys<T>{}, [&](std::string_view name, auto member, const config::Rule& rule,
                                          std::string_view) {
    using M = std::remove_cvref_t<decltype(T{}.*member)>;
    using Value = typename Inner<M>::Type;
    const std::string key = config::child_path(path, name);
    if constexpr (config::Described<Value>) {
      collect<Value>(key + (Inner<M>::kIsList ? "[0]" : ""), bounds);
    } else {
      const auto add = [&](const std::string& value) {
        bounds.push_back({key + '=' + (Inner<M>::kIsList ? '[' + value + ']' : value), key, rule.bounds()});
      };
      if (rule.bounded_below()) add(outside<Value>(rule.low, rule.low_open, -1));
      if (rule.bounded_above()) add(outside<Value>(rule.high, rule.high_open, +1));
    }
  });
}

}  // namespace

TEST_CASE("every bound of every key rejects the value just outside") {
  std::vector<Bound> bounds;
  collect<esmm::Config>("", bounds);
  CHECK(bounds.size() > 40);
  for (const Bound& bound : bounds) {
    INFO(bound.override_text);
    const auto lines = esmm::test::problems_of(esmm::test::kValid, {bound.override_text});
    REQUIRE(lines.size() == 1);
    CHECK_THAT(lines[0], Catch::StartsWith("--set: " + bound.key));
    CHECK_THAT(lines[0], Catch::Contains(": out of bounds: expected a number " + bound.bounds + ", got "));
  }
}

TEST_CASE("a bound that is not open accepts its own value") {
  using esmm::test::kValid;
  using esmm::test::problems_of;
  CHECK(problems_of(kValid, {"train.batch_size=1", "train.schedule.final_factor=1", "model.dropout=0",
                             "data.vocabulary.hash_bits=30"})
            .empty());
}
