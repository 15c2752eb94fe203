#include "esmm/experiment/entries.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "tests/experiment/small_experiment.h"

namespace esmm::experiment {
namespace {

constexpr const char* kEntries = R"(
compare:
  entries:
    - {name: plain, method: esmm}
    - {name: dropped, method: esmm, set: [model.dropout=0.25, "model.layers=[6]"]}
    - {name: separate, method: base, set: [train.epochs=1]}
)";

std::vector<std::string> names(const std::vector<Entry>& entries) {
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.push_back(entry.name);
  return names;
}

using Names = std::vector<std::string>;
const Names kMethods{"esmm", "base"};

std::vector<Problem> problems_of(const LoadConfig& load, const Names& wanted) {
  try {
    entries_of(load, wanted, kMethods);
  } catch (const ConfigError& error) {
    CHECK(error.exit_code() == 2);
    return error.problems();
  }
  return {};
}

TEST_CASE("without entries, every method is compared as the config says") {
  const test::SmallExperiment small;
  const auto entries = entries_of(small.loader(), {}, kMethods);
  CHECK(names(entries) == Names{"esmm", "base"});
  CHECK(entries[1].config.model.method == "base");
  CHECK(entries[1].config.model.layers == std::vector<int64_t>{8, 4});
}

TEST_CASE("an entry's settings are laid over the config") {
  const test::SmallExperiment small;
  const auto entries = entries_of(small.loader(kEntries), {}, kMethods);
  CHECK(names(entries) == Names{"plain", "dropped", "separate"});
  CHECK(entries[0].config.model.dropout == 0);
  CHECK(entries[1].config.model.dropout == 0.25);
  CHECK(entries[1].config.model.layers == std::vector<int64_t>{6});
  CHECK(entries[1].config.model.method == "esmm");
  CHECK(entries[2].config.train.epochs == 1);
  CHECK(entries[2].config.compare.entries.empty());
}

TEST_CASE("wanted names are entries first, then methods, each once") {
  const test::SmallExperiment small;
  const auto entries = entries_of(small.loader(kEntries), {"separate", "esmm", "dropped", "esmm"}, kMethods);
  CHECK(names(entries) == Names{"separate", "esmm", "dropped"});
  CHECK(entries[0].config.train.epochs == 1);
  CHECK(entries[1].config.model.dropout == 0);
}

TEST_CASE("where no entry is of method base, one is put in front for the external pCTR") {
  const test::SmallExperiment small;
  CHECK(names(entries_of(small.loader(kEntries), {"dropped"}, kMethods)) == Names{"base", "dropped"});
}

TEST_CASE("the first entry of a method stands for it") {
  const test::SmallExperiment small;
  const auto entries = entries_of(small.loader(kEntries), {}, kMethods);
  CHECK(first_of_method(entries, "esmm") == 0U);
  CHECK(first_of_method(entries, "base") == 2U);
  CHECK_FALSE(first_of_method(entries, "other"));
}

TEST_CASE("a wanted name that is nothing is told with the nearest") {
  const test::SmallExperiment small;
  const auto problems = problems_of(small.loader(kEntries), {"droped"});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].line() ==
        "--methods: neither an entry of compare.entries nor a method: expected esmm, base, plain, dropped or "
        "separate, got droped; did you mean \"dropped\"?");
}

TEST_CASE("a wrong setting is told with its entry") {
  const test::SmallExperiment small;
  const auto problems = problems_of(
      small.loader("compare: {entries: [{name: a, method: base, set: [model.dropuot=1, train.epochs=0]}]}"),
      {});
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].line() ==
        "compare.entries a: --set: model.dropuot: unknown key; did you mean \"dropout\"?");
  CHECK_THAT(problems[1].line(), Catch::StartsWith("compare.entries a: --set: train.epochs: out of bounds"));
}

TEST_CASE("an entry of an unknown method is a wrong config") {
  const test::SmallExperiment small;
  CHECK_THROWS_AS(small.config({}, "compare: {entries: [{name: a, method: bass}]}"), ConfigError);
}

TEST_CASE("an entry called base of another method leaves no name for the external pCTR's") {
  const test::SmallExperiment small;
  const auto problems = problems_of(small.loader("compare: {entries: [{name: base, method: esmm}]}"), {});
  REQUIRE(problems.size() == 1);
  CHECK_THAT(problems[0].line(), Catch::Contains("the entry called base is of another method"));
}

}  // namespace
}  // namespace esmm::experiment
