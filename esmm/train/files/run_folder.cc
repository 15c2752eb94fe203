#include "esmm/train/files/run_folder.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/file.h"

namespace esmm::train {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "step-";

// step-<n>.pt -> n; none for other names.
std::optional<int64_t> step_of(const fs::path& file) {
  const std::string name = file.stem().string();
  int64_t step = 0;
  if (!name.starts_with(kPrefix) || file.extension() != ".pt") return std::nullopt;
  const auto [end, error] = std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), step);
  return error == std::errc{} && end == name.data() + name.size() ? std::optional(step) : std::nullopt;
}

std::vector<int64_t> steps_in(const fs::path& folder) {
  std::vector<int64_t> steps;
  if (!fs::is_directory(folder)) return steps;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (const auto step = step_of(entry.path())) steps.push_back(*step);
  }
  return steps;
}

}  // namespace

fs::path RunFolder::checkpoint(int64_t step) const {
  return checkpoints() / (std::string(kPrefix) + std::to_string(step) + ".pt");
}

bool RunFolder::holds_run() const {
  return fs::exists(config()) || fs::exists(metrics()) || fs::exists(checkpoints());
}

std::optional<int64_t> RunFolder::newest_step() const {
  const std::vector<int64_t> steps = steps_in(checkpoints());
  return steps.empty() ? std::nullopt : std::optional(*std::max_element(steps.begin(), steps.end()));
}

void RunFolder::keep_only(int64_t step) const {
  for (const int64_t other : steps_in(checkpoints())) {
    std::error_code ignored;  // an old checkpoint too many does no harm
    if (other != step) fs::remove(checkpoint(other), ignored);
  }
}

void RunFolder::require_no_dataset() const {
  if (!fs::exists(path_ / "dataset.json")) return;
  throw Error({.what = "holds a data set, which esmm prepare replaces with all that is in it",
               .where = path_.string(),
               .expected = "a folder of its own",
               .hint = "choose another folder"});
}

void RunFolder::require_new() const {
  require_no_dataset();
  if (!holds_run()) return;
  throw Error({.what = "holds a run already",
               .where = path_.string(),
               .expected = "a new or empty folder",
               .hint = "go on with it by --resume, choose another folder by --run, or remove it"});
}

void RunFolder::require_run() const {
  if (holds_run()) return;
  throw Error({.what = "holds no run to resume",
               .where = path_.string(),
               .hint = "leave out --resume to start one, or check --run"});
}

void RunFolder::require_model() const {
  if (fs::exists(model())) return;
  if (fs::is_regular_file(path_)) {
    throw Error({.what = "is no run folder",
                 .where = path_.string(),
                 .expected = "a folder that esmm train made",
                 .got = "a file",
                 .hint = "give the folder that the config names as train.run"});
  }
  throw Error({.what = "holds no trained model",
               .where = path_.string(),
               .expected = "checkpoints/model.pt",
               .got = holds_run() ? "a run that has kept none yet" : "no run",
               .hint = holds_run() ? "train on with --resume" : "check the path, or train first"});
}

}  // namespace esmm::train
