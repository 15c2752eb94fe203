#include "esmm/config/config.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "esmm/core/file.h"
#include "tests/config/support.h"
#include "tests/support/temporary_folder.h"

namespace fs = std::filesystem;
using esmm::test::kValid;
using esmm::test::parse;
using esmm::test::TemporaryFolder;
using esmm::test::valid_with;

TEST_CASE("a config says what it says and keeps the other defaults") {
  const esmm::Config config = parse(kValid);
  CHECK(config.data.path == "/conf/prepared");
  CHECK(config.data.sources[1].paths == std::vector<fs::path>{"/conf/users_a.csv", "/conf/users_b.csv"});
  CHECK(config.data.sources[0].paths == std::vector<fs::path>{"/conf/log.csv"});
  CHECK(config.data.sources[0].delimiter.empty());
  CHECK(config.data.split.test_fraction == 0.25);
  CHECK(config.data.split.by == esmm::SplitBy::fraction);
  CHECK(config.data.fields[1].kind == esmm::FieldKind::multi);
  CHECK(config.data.fields[1].separator == " ");
  CHECK_FALSE(config.data.derived[0].divide.has_value());
  CHECK(config.model.layers == std::vector<int64_t>{8, 4});
  CHECK(config.model.dimension == 16);
  CHECK(config.train.towers.beta2 == 0.999);
}

TEST_CASE("a tab is a delimiter however YAML quotes it, and a .tsv file needs none") {
  for (const char* delimiter : {"\"\\t\"", "'\\t'", "\\t"}) {
    CAPTURE(delimiter);
    CHECK(parse(valid_with("paths: log.csv", std::string("paths: log.csv, delimiter: ") + delimiter))
              .data.sources[0]
              .delimiter == "\t");
  }
  CHECK(parse(kValid, {"data.sources.log.delimiter=\\t"}).data.sources[0].delimiter == "\t");
  CHECK(esmm::test::problems_of(valid_with("paths: log.csv", "paths: [log.tsv, log.tsv.gz]")).empty());
}

TEST_CASE("an entry with names stands for several fields alike, in order") {
  const auto fields =
      parse(valid_with("{name: user}", "{names: [user, item], type: integer, side: user}")).data.fields;
  REQUIRE(fields.size() == 4);
  CHECK(fields[0].name == "user");
  CHECK(fields[1].name == "item");
  CHECK(fields[1].type == esmm::ValueType::integer);
  CHECK(fields[1].side == esmm::Side::user);
  CHECK(fields[2].name == "seen");
}

TEST_CASE("a dumped config reads back as the same") {
  const std::string text =
      valid_with("{name: price, kind: numeric}",
                 "{name: \"pri\\tce é\", kind: numeric, buckets: {method: edges, edges: [-0.1, 1e-300, 3]}}");
  const esmm::Config config = parse(text, {"train.seed=18446744073709551615", "data.max_rejected=0.1",
                                           "data.derived.hour={divide: 100, name: hour, column: x}",
                                           "data.sources.log.paths=[/a b/*.csv, 'c \"d\".csv']"});
  const std::string dumped = esmm::dump_config(config);
  const esmm::Config again = esmm::parse_config(dumped, "dump", "/elsewhere");
  CHECK(esmm::dump_config(again) == dumped);
  CHECK(again.train.seed == 18446744073709551615ULL);
  CHECK(again.data.derived[0].divide == 100);
  CHECK(again.data.fields[2].name == "pri\tce é");
  CHECK(again.data.fields[2].buckets.edges == std::vector<double>{-0.1, 1e-300, 3});
  CHECK(again.data.sources[0].paths == std::vector<fs::path>{"/a b/*.csv", "/conf/c \"d\".csv"});
}

TEST_CASE("every key of a dump matters: none is lost") {
  // Each key is named in the dump, lists and empty values included.
  const std::string dumped = esmm::dump_config(parse(kValid));
  for (const char* key :
       {"right_key:", "utc_offset_minutes:", "p_cvr:", "validation_fraction:", "min_frequency:", "pooling:",
        "steps:", "max_rejected:", "output_bias:", "schedule_epochs:", "patience:", "log_every_steps:"}) {
    CHECK_THAT(dumped, Catch::Contains(key));
  }
}

TEST_CASE("every shipped config loads") {
  int loaded = 0;
  for (const fs::path& file : esmm::glob(fs::path(ESMM_SOURCE_DIR) / "configs/*.yaml")) {
    INFO(file);
    esmm::Config config;
    REQUIRE_NOTHROW(config = esmm::load_config(file));
    CHECK(esmm::dump_config(esmm::parse_config(esmm::dump_config(config), "dump", "/")) ==
          esmm::dump_config(config));
    ++loaded;
  }
  CHECK(loaded > 0);
}

TEST_CASE("raw files are looked for only when asked, and each missing one is named") {
  const TemporaryFolder folder;
  esmm::write_file(folder / "users_a.csv", "");
  esmm::write_file(folder / "c.yaml", valid_with("log.csv", "'log_*.csv'"));
  const esmm::Config config = esmm::load_config(folder / "c.yaml");
  try {
    esmm::check_sources(config);
    FAIL("nothing was missed");
  } catch (const esmm::ConfigError& error) {
    REQUIRE(error.problems().size() == 2);
    CHECK(error.problems()[0].line() == "data.sources.log.paths: no file matches " +
                                            (folder / "log_*.csv").string() +
                                            "; check the path, or the variable that it comes from");
    CHECK_THAT(error.problems()[1].line(), Catch::StartsWith("data.sources.users.paths: no such file: " +
                                                             (folder / "users_b.csv").string()));
  }
  esmm::write_file(folder / "users_b.csv", "");
  esmm::write_file(folder / "log_1.csv", "");
  CHECK_NOTHROW(esmm::check_sources(config));
}

TEST_CASE("a folder in place of its files is told, and no format is asked for") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "logs");
  for (const char* written : {"logs", "logs/"}) {
    const std::string path = (folder / written).string();
    CHECK(esmm::test::problems_of(valid_with("paths: log.csv", "paths: " + path)) ==
          std::vector<std::string>{"c.yaml:4: data.sources[0].paths: is a folder: got " + path +
                                   "; name its files, as in " + (folder / "logs/*.csv").string()});
  }
}

TEST_CASE("the page of keys names type, default, bounds and meaning") {
  const std::string page = esmm::document_config();
  CHECK_THAT(page, Catch::Contains("\n## data.fields[].buckets\n"));
  CHECK_THAT(page, Catch::Contains("| `dropout` | a number | `0` | in [0, 1) | after each hidden layer |"));
  CHECK_THAT(page, Catch::Contains("| `format` | a word | `auto` | auto, csv, parquet or ali_ccp |"));
  CHECK_THAT(
      page, Catch::Contains("| `layers` | a list: a whole number each | `[360, 200, 80]` | in [1, 65536] |"));
  CHECK_THAT(page, Catch::Contains("| `click` | a text | required |"));
}
