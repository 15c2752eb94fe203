#include "esmm/core/file.h"
#include "esmm/export/export.h"
#include "esmm/export/sample_bags.h"
#include "esmm/predict/predictor.h"
#include "tests/export/tiny_run.h"
#include "tests/support/temporary_folder.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

namespace esmm {
namespace {

template <class T>
void write_numbers(const std::filesystem::path& file, const std::vector<T>& numbers) {
  write_file(file, {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T)});
}

// Runs the program on keys and checks each line that it prints.
void check_program(const std::filesystem::path& folder, const KeyBags& keys) {
  write_numbers(folder / "keys.i64", keys.ids);
  write_numbers(folder / "offsets.i64", keys.offsets);
  if (!keys.weights.empty()) write_numbers(folder / "weights.f32", keys.weights);
  const std::string command = fmt::format("{} {} {} > {}", ESMM_PLAIN_TORCH, (folder / "model.pt").string(),
                                          folder.string(), (folder / "scores.txt").string());
  REQUIRE(std::system(command.c_str()) == 0);

  const Prediction expected = Predictor(folder / "model.pt").score(keys);
  std::istringstream lines(read_file(folder / "scores.txt"));
  size_t row = 0;
  for (double ctr = 0, cvr = 0, ctcvr = 0; lines >> ctr >> cvr >> ctcvr; ++row) {
    REQUIRE(row < expected.p_ctr.size());
    CHECK(ctr == Approx(expected.p_ctr[row]).margin(1e-6).epsilon(0));
    CHECK(cvr == Approx(expected.p_cvr[row]).margin(1e-6).epsilon(0));
    CHECK(ctcvr == Approx(expected.p_ctcvr[row]).margin(1e-6).epsilon(0));
  }
  CHECK(row == expected.p_ctr.size());
}

}  // namespace

TEST_CASE("A program with nothing but LibTorch scores dumped keys as the Predictor does") {
  const test::TemporaryFolder folder;
  const train::Run run = test::tiny_run();
  exporting::export_model(run, folder / "model.pt");
  check_program(folder.path(), exporting::sample_keys(run.schema, run.vocabulary, 200, /*seed=*/5));
}

TEST_CASE("A program with nothing but LibTorch scores dumped keys that have no weights") {
  const test::TemporaryFolder folder;
  const train::Run run = test::tiny_run();
  exporting::export_model(run, folder / "model.pt");
  KeyBags keys = exporting::sample_keys(run.schema, run.vocabulary, 200, /*seed=*/6);
  keys.weights.clear();
  check_program(folder.path(), keys);
}

}  // namespace esmm
