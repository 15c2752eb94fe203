#pragma once

#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.h"

namespace esmm::test {

// What the programs make of configs/demo.yaml and few generated impressions. Each file is the work of one
// command:
//   configs/demo.yaml  data/demo-raw/  data/demo/  runs/demo/  scores.csv  model.pt
class DemoRun {
 public:
  DemoRun();

  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  TemporaryFolder folder_;
};

// Made once, for all tests.
const DemoRun& demo_run();

}  // namespace esmm::test
