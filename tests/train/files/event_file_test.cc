#include "esmm/train/files/event_file.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "tests/support/temporary_folder.h"
#include "tests/train/files/event_reader.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

namespace esmm::train {
namespace {

using Json = nlohmann::ordered_json;

// The folder's one event file.
std::filesystem::path event_file(const std::filesystem::path& folder) {
  const auto files = glob(folder / "events.out.tfevents.*");
  REQUIRE(files.size() == 1);
  return files[0];
}

std::vector<test::ReadEvent> events_in(const std::filesystem::path& folder) {
  return test::EventReader::read(read_file(event_file(folder)));
}

// What the event file should hold of metrics.jsonl.
void check_agrees_with_metrics(const std::filesystem::path& run) {
  const auto events = events_in(run);
  const auto lines = test::metrics_of(run);
  REQUIRE(events.size() == lines.size() + 1);
  for (size_t i = 0; i < lines.size(); ++i) {
    std::map<std::string, float> scalars;
    for (const auto& [name, value] : lines[i].items()) {
      if (name != "type" && name != "step" && !value.is_null())
        scalars[lines[i].at("type").get<std::string>() + "/" + name] = value.get<float>();
    }
    CHECK(events[i + 1].step == lines[i].at("step"));
    CHECK(events[i + 1].scalars == scalars);
    CHECK(events[i + 1].wall_time - events[0].wall_time ==
          Approx(lines[i].at("seconds").get<double>()).margin(1e-6));
  }
}

TEST_CASE("numbers of a line are scalars of its step, null is none") {
  const test::TemporaryFolder folder;
  EventFile file(folder.path(), {});
  file.write(Json::parse(R"({"type": "validation", "step": 7, "epoch": 2, "seconds": 1.5, "ctr.auc": 0.7,
                             "cvr.auc": null, "cvr.auc_reason": "no rows"})"));
  const auto events = events_in(folder.path());
  REQUIRE(events.size() == 2);
  CHECK(events[0].file_version == "brain.Event:2");
  CHECK(events[1].step == 7);
  CHECK(events[1].wall_time == events[0].wall_time + 1.5);
  CHECK(events[1].scalars == std::map<std::string, float>{{"validation/epoch", 2.0F},
                                                          {"validation/seconds", 1.5F},
                                                          {"validation/ctr.auc", 0.7F}});
}

TEST_CASE("opened again, the file keeps its name and start and holds the given lines alone") {
  const test::TemporaryFolder folder;
  write_file(folder / "events.out.tfevents.1234.esmm", "anything");
  EventFile(folder.path(), {Json::parse(R"({"type": "train", "step": 2, "seconds": 10, "loss": 0.5})")});
  const auto events = events_in(folder.path());
  REQUIRE(events.size() == 2);
  CHECK(events[0].wall_time == 1234);
  CHECK(events[1].wall_time == 1244);
  CHECK(events[1].scalars.at("train/loss") == 0.5F);
}

TEST_CASE("a run's event file holds metrics.jsonl, resumed or not") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  config.train.validate_every_steps = 4;
  config.train.checkpoint_every_steps = 5;
  test::train_on(config, data.with_validation());
  check_agrees_with_metrics(folder / "run");

  config.train.run = folder / "resumed";
  CHECK_THROWS_AS(test::train_until(config, data.with_validation(), 7), Interrupted);
  check_agrees_with_metrics(folder / "resumed");
  // A run that was killed after its checkpoint: steps beyond it and a torn record.
  const std::filesystem::path file = event_file(folder / "resumed");
  const std::string stale = read_file(file);
  write_file(file, stale + stale.substr(0, stale.size() / 2));
  test::train_on(config, data.with_validation(), /*resume=*/true);
  check_agrees_with_metrics(folder / "resumed");
  CHECK(events_in(folder / "resumed").size() == events_in(folder / "run").size());
}

}  // namespace
}  // namespace esmm::train
