#include "esmm/core/file.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "esmm/core/error.h"
#include "tests/support/temporary_folder.h"

namespace fs = std::filesystem;
using esmm::test::TemporaryFolder;

namespace {

int64_t files_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

TEST_CASE("a file reads back byte for byte, zero bytes included") {
  const TemporaryFolder folder;
  const std::string content("a\0b\r\n\xff", 6);
  esmm::write_file(folder / "deep/er/file", content);
  CHECK(esmm::read_file(folder / "deep/er/file") == content);
}

TEST_CASE("a missing file and a folder cannot be read") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(esmm::read_file(folder / "none"), Catch::Contains("cannot be read: got no such file"));
  CHECK_THROWS_AS(esmm::read_file(folder.path()), esmm::Error);
  CHECK_THROWS_WITH(esmm::read_file(folder / std::string(300, 'x')),
                    Catch::Contains("cannot be read: got File name too long"));
}

TEST_CASE("a write that fails leaves the old content and no temporary file") {
  const TemporaryFolder folder;
  esmm::write_file(folder / "file", "old");
  CHECK_THROWS_AS(esmm::write_atomically(folder / "file",
                                         [](const fs::path& temporary) {
                                           std::ofstream(temporary) << "half";
                                           throw std::runtime_error("disk full");
                                         }),
                  std::runtime_error);
  CHECK(esmm::read_file(folder / "file") == "old");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a file below a file cannot be written") {
  const TemporaryFolder folder;
  esmm::write_file(folder / "file", "x");
  CHECK_THROWS_WITH(esmm::write_file(folder / "file/below", "y"),
                    Catch::Contains("cannot be written: got Not a directory"));
}

TEST_CASE("a sink takes every write of a full disk, and says so at its end") {
  REQUIRE(fs::exists("/dev/full"));
  esmm::FileSink sink("/dev/full", "model.pt");
  const std::string block(1 << 20, 'x');
  for (int i = 0; i < 3; ++i) sink.write(block.data(), block.size());
  CHECK_THROWS_WITH(sink.close(), Catch::Contains("model.pt: cannot be written: got No space left"));
}

TEST_CASE("a glob gives what matches, sorted") {
  const TemporaryFolder folder;
  for (const char* name : {"b.csv", "a.csv", "c.txt"}) esmm::write_file(folder / name, "");
  CHECK(esmm::glob(folder / "*.csv") == std::vector<fs::path>{folder / "a.csv", folder / "b.csv"});
  CHECK(esmm::glob(folder / "c.txt") == std::vector<fs::path>{folder / "c.txt"});
  CHECK(esmm::glob(folder / "none*").empty());
  CHECK(esmm::glob(folder / "none.csv").empty());
}
