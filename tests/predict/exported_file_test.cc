#include "esmm/predict/exported_file.h"

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/export/export.h"
#include "esmm/predict/predictor.h"
#include "tests/export/tiny_run.h"
#include "tests/support/temporary_folder.h"

#include <torch/script.h>

#include <catch2/catch.hpp>

#include <array>
#include <string>

namespace esmm {
namespace {

// Saves an exported model again after `change`.
template <class Change>
void rewrite(const std::filesystem::path& file, const Change& change) {
  predict::ExportedFile exported = predict::read_exported_file(file);
  change(exported);
  const torch::jit::ExtraFilesMap extras(exported.extras.begin(), exported.extras.end());
  exported.module.save(file.string(), extras);
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  REQUIRE(text.find(from) != std::string::npos);
  text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("A missing file, a folder and a file of another kind are named") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(Predictor(folder / "model.pt"),
                    Catch::Contains("model.pt: cannot be read: got no such file"));
  CHECK_THROWS_WITH(
      Predictor(folder.path()),
      Catch::Contains("is no exported model: expected a file written by esmm export, got a folder"));
  write_file(folder / "model.pt", "not a model");
  CHECK_THROWS_WITH(Predictor(folder / "model.pt"), Catch::Contains("is no exported model"));
  CHECK_THROWS_AS(Predictor(folder / "model.pt"), Error);
}

TEST_CASE("Another TorchScript file is no exported model") {
  const test::TemporaryFolder folder;
  torch::jit::Module module("Other");
  module.define("def forward(self, x: Tensor) -> Tensor:\n    return x\n");
  module.save((folder / "model.pt").string());
  CHECK_THROWS_WITH(Predictor(folder / "model.pt"), Catch::Contains("another TorchScript file"));
}

TEST_CASE("A file that was cut short is refused") {
  const test::TemporaryFolder folder;
  exporting::export_model(test::tiny_run(), folder / "model.pt");
  const std::string whole = read_file(folder / "model.pt");
  write_file(folder / "model.pt", whole.substr(0, whole.size() / 2));
  CHECK_THROWS_WITH(Predictor(folder / "model.pt"), Catch::Contains("is no exported model"));
}

TEST_CASE("A parameter or a key that was changed fails the SHA-256") {
  for (const char* name : {"table", "vocabulary", "mean"}) {
    const test::TemporaryFolder folder;
    exporting::export_model(test::tiny_run(), folder / "model.pt");
    rewrite(folder / "model.pt", [](predict::ExportedFile&) {});
    CHECK_NOTHROW(Predictor(folder / "model.pt"));
    rewrite(folder / "model.pt", [&](predict::ExportedFile& file) {
      torch::Tensor first = file.module.attr(name).toTensor().flatten()[0];
      first.copy_(name == std::string("mean") ? first.logical_not() : first + 1);
    });
    CHECK_THROWS_WITH(Predictor(folder / "model.pt"), Catch::Contains("was changed after the export"));
  }
}

TEST_CASE("A schema or a config that was changed fails the SHA-256") {
  const test::TemporaryFolder folder;
  exporting::export_model(test::tiny_run(), folder / "model.pt");
  const std::string whole = read_file(folder / "model.pt");
  const auto changes = {std::array{predict::kSchemaFile, "mean", "sum"},
                        std::array{predict::kConfigFile, "epochs: 1", "epochs: 2"}};
  for (const auto& [name, from, to] : changes) {
    write_file(folder / "model.pt", whole);
    rewrite(folder / "model.pt", [&](predict::ExportedFile& file) { replace(file.extras[name], from, to); });
    CHECK_THROWS_WITH(Predictor(folder / "model.pt"), Catch::Contains("was changed after the export"));
  }
}

TEST_CASE("Metadata of other types are no exported model's") {
  const test::TemporaryFolder folder;
  exporting::export_model(test::tiny_run(), folder / "model.pt");
  rewrite(folder / "model.pt", [](predict::ExportedFile& file) {
    replace(file.extras[predict::kMetadataFile], "\"format\": 1", "\"format\": \"1\"");
  });
  CHECK_THROWS_WITH(Predictor(folder / "model.pt"), Catch::Contains("is no exported model"));
}

TEST_CASE("A file of a newer format asks for a newer version") {
  const test::TemporaryFolder folder;
  exporting::export_model(test::tiny_run(), folder / "model.pt");
  rewrite(folder / "model.pt", [](predict::ExportedFile& file) {
    replace(file.extras[predict::kMetadataFile], "\"format\": 1", "\"format\": 2");
  });
  CHECK_THROWS_WITH(Predictor(folder / "model.pt"),
                    Catch::Contains("expected format 1 to 1, got format 2") && Catch::Contains("newer esmm"));
}

}  // namespace esmm
