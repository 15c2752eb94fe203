#include "esmm/train/files/run_folder.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/train/files/checkpoint.h"
#include "tests/support/temporary_folder.h"

namespace esmm::train {
namespace {

TEST_CASE("the newest checkpoint is the one of the largest step; other names are no checkpoints") {
  const test::TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  CHECK_FALSE(folder.newest_step());
  for (const char* name : {"step-9.pt", "step-10.pt", "step-99.pt.tmp1", "step-x.pt", "model.pt"}) {
    write_file(temporary.path() / "checkpoints" / name, "");
  }
  CHECK(folder.newest_step() == 10);
  folder.keep_only(10);
  CHECK(std::filesystem::exists(folder.checkpoint(10)));
  CHECK_FALSE(std::filesystem::exists(folder.checkpoint(9)));
  CHECK(std::filesystem::exists(folder.model()));
}

TEST_CASE("what a folder does not hold is an error that says what to do") {
  const test::TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  CHECK_NOTHROW(folder.require_new());
  CHECK_THROWS_WITH(folder.require_run(), Catch::Contains("leave out --resume"));
  CHECK_THROWS_WITH(folder.require_model(), Catch::Contains("no trained model"));
  write_file(folder.config(), "");
  CHECK_THROWS_WITH(folder.require_new(), Catch::Contains("--resume") && Catch::Contains("--run"));
  CHECK_THROWS_WITH(folder.require_model(), Catch::Contains("train on with --resume"));
  CHECK_THROWS_WITH(RunFolder(folder.config()).require_model(),
                    Catch::Contains("is no run folder: expected a folder that esmm train made, got a file"));
}

TEST_CASE("a checkpoint gives back all that was put into it") {
  const test::TemporaryFolder folder;
  Checkpoint checkpoint;
  checkpoint.state.step = 7;
  checkpoint.state.seconds = 0.1;
  checkpoint.state.loss_sums = {{"ctr", 1.0 / 3}};
  checkpoint.state.loss_samples = 5;
  checkpoint.state.best.value = 2.0 / 3;
  checkpoint.state.best.step = 6;
  checkpoint.state.best.validations_since = 1;
  checkpoint.config = "model: {}";
  checkpoint.dataset = "abc";
  checkpoint.tensors = {{"a.b", torch::tensor({1.5f, 2.5f})}};
  write_checkpoint(folder / "c.pt", checkpoint);
  const Checkpoint read = read_checkpoint(folder / "c.pt");
  CHECK(read.state.step == 7);
  CHECK(read.state.seconds == 0.1);
  CHECK(read.state.loss_sums == checkpoint.state.loss_sums);
  CHECK(read.state.loss_samples == 5);
  CHECK(read.state.best.value == 2.0 / 3);
  CHECK(read.state.best.step == 6);
  CHECK(read.state.best.validations_since == 1);
  CHECK(read.config == "model: {}");
  CHECK(read.dataset == "abc");
  CHECK(torch::equal(read.tensors.at("a.b"), torch::tensor({1.5f, 2.5f})));
}

TEST_CASE("a file that is no checkpoint, or half of one, is an error of one line") {
  const test::TemporaryFolder folder;
  Checkpoint checkpoint;
  checkpoint.tensors = {{"a", torch::ones({1000})}};
  write_checkpoint(folder / "c.pt", checkpoint);
  write_file(folder / "half.pt", read_file(folder / "c.pt").substr(0, 2000));
  std::string flipped = read_file(folder / "c.pt");
  const size_t one = flipped.find(std::string("\0\0\x80\x3f\0\0\x80\x3f", 8));
  REQUIRE(one != std::string::npos);
  flipped[one] = 1;  // the first number of the tensor is a little more than 1
  write_file(folder / "flipped.pt", flipped);
  write_file(folder / "text.pt", "hello");
  write_tensor_file(folder / "other.pt", {.text = "{}", .tensors = {}});
  for (const char* name : {"half.pt", "flipped.pt", "text.pt", "other.pt", "missing.pt"}) {
    try {
      read_checkpoint(folder / name);
      FAIL("read " << name);
    } catch (const Error& error) {
      CHECK(error.problems().at(0).line().find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("tensors of another shape, name or number are refused") {
  const NamedTensors to{{"a", torch::zeros({2})}};
  CHECK_THROWS_WITH(copy_tensors({{"a", torch::zeros({3})}}, to, "f"),
                    Catch::Contains("Float [2]") && Catch::Contains("Float [3]"));
  CHECK_THROWS_WITH(copy_tensors({{"b", torch::zeros({2})}}, to, "f"), Catch::Contains("got none"));
  CHECK_THROWS_WITH(copy_tensors({{"a", torch::ones({2})}, {"b", torch::ones({2})}}, to, "f"),
                    Catch::Contains("another model"));
}

TEST_CASE("a run does not begin in a folder that holds a data set") {
  const test::TemporaryFolder folder;
  write_file(folder / "data/dataset.json", "{}");
  CHECK_THROWS_WITH(RunFolder(folder / "data").require_new(), Catch::Contains("holds a data set"));
  CHECK_NOTHROW(RunFolder(folder / "other").require_new());
}

TEST_CASE("a file's digest is read alone, and is another for other tensors") {
  const test::TemporaryFolder folder;
  write_tensor_file(folder / "a.pt", {.text = "{}", .tensors = {{"x", torch::ones({2})}}});
  write_tensor_file(folder / "b.pt", {.text = "{}", .tensors = {{"x", torch::zeros({2})}}});
  CHECK(read_digest(folder / "a.pt") == read_tensor_file(folder / "a.pt").digest);
  CHECK(read_digest(folder / "a.pt") != read_digest(folder / "b.pt"));
}

}  // namespace
}  // namespace esmm::train
