#include <catch2/catch.hpp>

#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "esmm/core/file.h"
#include "tests/apps/program.h"

namespace esmm::test {
namespace {

// What the expression's group holds, wherever it matches in README.md.
std::set<std::string> found_in_readme(const std::string& expression) {
  static const std::string text = read_file(ESMM_SOURCE_DIR "/README.md");
  const std::regex regex(expression);
  std::set<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    found.insert((*match)[1]);
  }
  return found;
}

}  // namespace

TEST_CASE("every command in README.md is there") {
  const std::set<std::string> commands = found_in_readme("bin/esmm ([a-z]+)");
  CHECK(commands.size() >= 3);
  for (const std::string& command : commands) {
    INFO(command);
    CHECK(esmm({command, "--help"}).code == 0);
  }
}

TEST_CASE("every option of a command in README.md is there") {
  for (const std::string& line : found_in_readme("bin/esmm ([a-z]+[^&|;\n]*)")) {
    const std::string help = esmm({line.substr(0, line.find(' ')), "--help"}).out;
    const std::regex option("--[a-z-]+");
    for (std::sregex_iterator match(line.begin(), line.end(), option), end; match != end; ++match) {
      INFO(line);
      CHECK_THAT(help, Catch::Contains(match->str()));
    }
  }
}

TEST_CASE("every file that README.md links or runs is there") {
  for (const char* expression :
       {"\\]\\(([^):#]+)\\)", "((?:configs|scripts|docs)/[A-Za-z0-9_./-]*[A-Za-z0-9])"}) {
    for (const std::string& file : found_in_readme(expression)) {
      INFO(file);
      CHECK(std::filesystem::exists(std::filesystem::path(ESMM_SOURCE_DIR) / file));
    }
  }
}

TEST_CASE("the config in README.md is accepted") {
  const std::set<std::string> configs = found_in_readme("```yaml\n([^`]*)```");
  REQUIRE(!configs.empty());
  const TemporaryFolder folder;
  for (const std::string& config : configs) {
    write_file(folder / "my.yaml", config);
    const Outcome outcome = esmm({"config", (folder / "my.yaml").string()});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
  }
}

}  // namespace esmm::test
