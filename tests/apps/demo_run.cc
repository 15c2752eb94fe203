#include "tests/apps/demo_run.h"

#include "tests/apps/program.h"

namespace esmm::test {

DemoRun::DemoRun() {
  // The config's own paths lead to ../data and ../runs.
  std::filesystem::create_directory(folder_ / "configs");
  std::filesystem::copy_file(ESMM_SOURCE_DIR "/configs/demo.yaml", folder_ / "configs/demo.yaml");
  const std::string config = path("configs/demo.yaml");
  esmm_done({"generate", "--out", path("data/demo-raw"), "--impressions", "25000", "--test-fraction", "0.4",
             "--users", "1000", "--items", "300"});
  esmm_done({"prepare", config});
  esmm_done({"train", config, "--set", "train.batch_size=256"});
  esmm_done({"evaluate", path("runs/demo"), "--scores", path("scores.csv")});
  esmm_done({"export", path("runs/demo"), "--out", path("model.pt")});
}

const DemoRun& demo_run() {
  static const DemoRun run;
  return run;
}

}  // namespace esmm::test
