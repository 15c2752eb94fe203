#include "esmm/config/extends.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "tests/config/support.h"
#include "tests/support/temporary_folder.h"

using Catch::Contains;
using esmm::Config;
using esmm::load_config;

TEST_CASE("a config lies over the one that it extends, key by key") {
  const esmm::test::TemporaryFolder folder;
  esmm::write_file(folder / "base.yaml", esmm::test::kValid);
  esmm::write_file(folder / "like.yaml",
                   "extends: base.yaml\ndata:\n  labels: {conversion: like}\nmodel: {layers: [2]}\n");
  const Config config = load_config(folder / "like.yaml", {"model.dimension=3"});
  CHECK(config.data.labels.click == "click");
  CHECK(config.data.labels.conversion == "like");
  CHECK(config.model.layers == std::vector<int64_t>{2});
  CHECK(config.model.dimension == 3);
  CHECK(config.data.fields.size() == 3);
}

TEST_CASE("a mistake is told at the file and line that holds it") {
  const esmm::test::TemporaryFolder folder;
  esmm::write_file(folder / "base.yaml", esmm::test::kValid);
  esmm::write_file(folder / "top.yaml", "extends: base.yaml\nmodel: {layer: [2]}\n");
  CHECK_THROWS_WITH(load_config(folder / "top.yaml"),
                    Contains("top.yaml:2: model.layer") && Contains("layers"));
}

TEST_CASE("a config extends a file of its own folder, and never itself") {
  const esmm::test::TemporaryFolder folder;
  esmm::write_file(folder / "self.yaml", "extends: self.yaml\n");
  CHECK_THROWS_WITH(load_config(folder / "self.yaml"), Contains("without end"));
  esmm::write_file(folder / "far.yaml", "extends: ../base.yaml\n");
  CHECK_THROWS_WITH(load_config(folder / "far.yaml"), Contains("same folder"));
  esmm::write_file(folder / "lost.yaml", "extends: lots.yaml\n");
  CHECK_THROWS_WITH(load_config(folder / "lost.yaml"), Contains("lost.yaml:1: extends"));
}
