#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

#include "esmm/core/file.h"
#include "tests/apps/program.h"

namespace esmm::test {

TEST_CASE("every shipped config is accepted, and so is what esmm config prints of it") {
  const auto configs = glob(ESMM_SOURCE_DIR "/configs/*.yaml");
  CHECK(configs.size() >= 4);
  const TemporaryFolder folder;
  for (const std::filesystem::path& config : configs) {
    INFO(config);
    const std::string printed = esmm_done({"config", config.string()});
    write_file(folder / "printed.yaml", printed);
    CHECK(esmm_done({"config", (folder / "printed.yaml").string()}) == printed);
  }
}

TEST_CASE("docs/config.md is what esmm config --document prints") {
  CHECK((esmm_done({"config", "--document"}) == read_file(ESMM_SOURCE_DIR "/docs/config.md")));
}

}  // namespace esmm::test
