#include "esmm/data/raw/rejected.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "tests/support/temporary_folder.h"

using esmm::data::Rejected;
using esmm::data::require_some_accepted;
using esmm::data::SourceLines;
using esmm::test::TemporaryFolder;

namespace {

std::string written(const std::string& reason, const std::string& detail, const std::string& text) {
  const TemporaryFolder folder;
  Rejected rejected(folder / "rejected.csv");
  rejected.add("log.csv", 7, reason, detail, text);
  rejected.close();
  const std::string content = esmm::read_file(folder / "rejected.csv");
  const std::string header = "file,line,reason,text\n";
  REQUIRE(content.starts_with(header));
  return content.substr(header.size());
}

}  // namespace

TEST_CASE("a rejected line is kept with file, line, reason, detail and text") {
  CHECK(written("bad number in column age", "got 'abc'", "1;abc") ==
        "log.csv,7,bad number in column age: got 'abc',1;abc\n");
  CHECK(written("empty line", "", "") == "log.csv,7,empty line,\n");
}

TEST_CASE("commas, quotes and line ends of a rejected line are quoted") {
  CHECK(written("reason", "", "a,\"b\"") == "log.csv,7,reason,\"a,\"\"b\"\"\"\n");
  CHECK(written("reason", "", "a\nb") == "log.csv,7,reason,\"a\nb\"\n");
}

TEST_CASE("bytes that are not UTF-8 are written as hexadecimal, the rest stays") {
  CHECK(written("not UTF-8", "", "caf\xC3\xA9 \xFF\xC3") == "log.csv,7,not UTF-8,caf\xC3\xA9 \\xFF\\xC3\n");
}

TEST_CASE("a very long text is cut between characters, and says so") {
  std::string text(4095, 'a');
  text += "\xC3\xA9 and more";
  CHECK(written("reason", "", text) ==
        "log.csv,7,reason," + std::string(4095, 'a') + " … (cut after 4095 bytes)\n");
}

TEST_CASE("rejected lines are counted per reason, without the detail, with or without a file") {
  Rejected rejected;
  rejected.add("a.csv", 1, "bad number", "got 'x'", "x");
  rejected.add("a.csv", 2, "bad number", "got 'y'", "y");
  rejected.add("b.csv", 1, "empty line", "", "");
  rejected.close();
  CHECK(rejected.counts() == std::map<std::string, int64_t>{{"bad number", 2}, {"empty line", 1}});
}

TEST_CASE(
    "a source's rejected lines are told by reason, with the first one's detail, short and on one line") {
  SourceLines lines{.source = "log"};
  lines.add_rejected({.line = 2, .reason = "bad number", .detail = "got 'x\ny'", .text = {}});
  lines.add_rejected({.line = 3, .reason = "bad number", .detail = "got 'z'", .text = {}});
  lines.add_rejected({.line = 4, .reason = "empty line", .detail = {}, .text = {}});
  lines.add_rejected({.line = 5, .reason = "long", .detail = std::string(200, 'a'), .text = {}});
  CHECK((lines.read == 4 && lines.rejected_total() == 4));
  CHECK(lines.rejected.at("bad number").lines == 2);
  CHECK(lines.rejected.at("bad number").text == "bad number (got 'x y')");
  CHECK(lines.rejected.at("empty line").text == "empty line");
  CHECK(lines.rejected.at("long").text == "long (" + std::string(160, 'a') + " … (cut after 160 bytes))");
}

TEST_CASE("each source all of whose lines were rejected is told, with its files") {
  const SourceLines all{
      .source = "a", .files = "1.csv, 2.csv", .read = 2, .rejected = {{"bad", {2, "bad (x)"}}}};
  const SourceLines some{.source = "b", .files = "3.csv", .read = 2, .rejected = {{"bad", {1, "bad"}}}};
  const SourceLines none{.source = "c", .files = "4.csv"};
  CHECK_NOTHROW(require_some_accepted({some, none}, "rejected.csv", "mend them"));
  CHECK_THROWS_WITH(require_some_accepted({all, some, none}, "rejected.csv", "mend them"),
                    "1.csv, 2.csv: every line of source a was rejected: got 2 × bad (x); rejected.csv says "
                    "for each what is "
                    "wrong; mend them");
}

TEST_CASE("threads may reject lines at the same time") {
  const TemporaryFolder folder;
  Rejected rejected(folder / "rejected.csv");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) rejected.add("a.csv", i, "reason", "", "text");
    });
  }
  for (std::thread& thread : threads) thread.join();
  rejected.close();
  CHECK(rejected.counts().at("reason") == 4000);
  const std::string content = esmm::read_file(folder / "rejected.csv");
  CHECK(std::count(content.begin(), content.end(), '\n') == 4001);
}

TEST_CASE("a rejected file that cannot be written is an error that names it") {
  CHECK_THROWS_WITH(Rejected("/no/such/folder/rejected.csv"),
                    Catch::Contains("/no/such/folder/rejected.csv"));
  Rejected full("/dev/full");
  full.add("a.csv", 1, "reason", "", "text");
  CHECK_THROWS_AS(full.close(), esmm::Error);
}
