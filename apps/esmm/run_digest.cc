#include "apps/esmm/run_digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "esmm/calibration/calibration.h"
#include "esmm/config/config.h"
#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/dataset.h"
#include "esmm/metrics/evaluation.h"
#include "esmm/report/training_log.h"
#include "esmm/train/files/evaluation_file.h"
#include "esmm/train/files/model_file.h"
#include "esmm/train/files/run_folder.h"

namespace esmm::apps {
namespace {

namespace fs = std::filesystem;
using report::Point;
using Curves = std::map<std::string, std::vector<Point>>;

class Digest {
 public:
  template <class... Values>
  void line(const char* name, fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), "{:<12} {}\n", name,
                   fmt::format(format, std::forward<Values>(values)...));
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

void describe_model(const Config& config, Digest& digest) {
  const ModelConfig& model = config.model;
  digest.line("method", "{}: dimension {}, towers of {}", model.method, model.dimension,
              fmt::join(model.layers, "-"));
  std::vector<std::string> names;
  for (const Field& field : config.data.fields) names.push_back(field.name);
  digest.line("fields", "{}: {}", names.size(), fmt::join(names, ", "));
  digest.line("weights", "{}", weights_text(config.data));
  const fs::path& path = config.data.path;
  if (!fs::exists(path / "dataset.json"))
    return digest.line("data set", "{} (no longer there)", path.string());
  digest.line("data set", "{}, {} table rows", path.string(), data::Dataset(path).info().table_rows);
}

// The last value of each curve whose name is `prefix`, a head or a term, and `suffix`: "ctr 0.69".
std::string last_values(const Curves& curves, const std::string& prefix, const std::string& suffix) {
  std::vector<std::string> values;
  for (const auto& [name, points] : curves) {
    if (!name.starts_with(prefix) || !name.ends_with(suffix) || points.empty()) continue;
    const std::string shown = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
    values.push_back(fmt::format("{} {:.4f}", shown, points.back().y));
  }
  return fmt::format("{}", fmt::join(values, ", "));
}

void describe_training(const Config& config, const report::TrainingLog& log, Digest& digest) {
  digest.line("training", "step {}, epoch {}, {} samples in {:.1f} s", log.steps, log.epochs, log.samples,
              log.seconds);
  if (const auto loss = log.train.find("loss"); loss != log.train.end())
    digest.line("loss", "{:.4f}: {}", loss->second.back().y, last_values(log.train, "loss_", ""));
  if (!log.validation.empty()) digest.line("validation", "auc: {}", last_values(log.validation, "", ".auc"));
  const std::string& metric = config.train.early_stop.metric;
  const auto watched = log.validation.find(metric);
  if (watched == log.validation.end()) return;
  const bool higher = metrics::higher_is_better(metric);
  const auto best =
      std::max_element(watched->second.begin(), watched->second.end(),
                       [&](const Point& a, const Point& b) { return higher ? a.y < b.y : a.y > b.y; });
  digest.line("best", "{} {:.4f} at step {:.0f}", metric, best->y, best->x);
}

// evaluation.json's heads in a table.
void describe_evaluation(const fs::path& file, Digest& digest) {
  const auto heads = nlohmann::json::parse(read_file(file), nullptr, /*allow_exceptions=*/false);
  if (!heads.is_object()) {
    throw Error(
        {.what = "is no evaluation", .where = file.string(), .hint = "write it anew with esmm evaluate"});
  }
  digest.line("evaluation", "{:>16} {:>10} {:>8} {:>8} {:>8}", "", "rows", "auc", "logloss", "pcoc");
  for (const char* name : {"ctr", "cvr", "ctcvr", "cvr_entire_space"}) {
    if (!heads.contains(name)) continue;
    const auto value = [&](const char* key) {
      const auto found = heads[name].find(key);
      return found != heads[name].end() && found->is_number() ? fmt::format("{:.4f}", found->get<double>())
                                                              : "-";
    };
    digest.line("", "{:<16} {:>10} {:>8} {:>8} {:>8}", name, heads[name].value("rows", int64_t{0}),
                value("auc"), value("logloss"), value("pcoc"));
  }
}

void describe_calibration(const train::RunFolder& run, Digest& digest) {
  const fs::path file = run.calibration();
  calibration::Calibration calibration;
  if (fs::exists(file)) calibration = calibration::from_json(read_file(file), file.string());
  digest.line("calibration", "{}", calibration::name_of(calibration));
  if (fs::exists(run.evaluation())) describe_evaluation(run.evaluation(), digest);
  if (!fs::exists(run.evaluation()) || !fs::exists(run.model())) return;
  const std::string outdated = train::outdated_evaluation(run, train::model_digest(run.model()), calibration);
  if (!outdated.empty()) digest.line("", "{}", outdated);
}

}  // namespace

std::string weights_text(const DataConfig& data) {
  std::vector<std::string> weights;
  const auto add = [&](const std::string& what, const std::string& column) {
    if (!column.empty()) weights.push_back(what + " by " + column);
  };
  add("click", data.labels.click_weight);
  add("conversion", data.labels.conversion_weight);
  for (const Field& field : data.fields) add(field.name, field.weights);
  return weights.empty() ? "none" : fmt::format("{}", fmt::join(weights, ", "));
}

std::string run_digest(const fs::path& folder) {
  const train::RunFolder run(folder);
  const Config config = load_config(run.config());
  Digest digest;
  digest.line("run", "{}", folder.string());
  describe_model(config, digest);
  if (fs::exists(run.metrics()))
    describe_training(config, report::parse_training_log(read_file(run.metrics())), digest);
  std::vector<std::string> checkpoints;
  for (const fs::path& file : glob(folder / "checkpoints" / "*"))
    checkpoints.push_back(file.filename().string());
  digest.line("checkpoints", "{}",
              checkpoints.empty() ? "none" : fmt::format("{}", fmt::join(checkpoints, ", ")));
  describe_calibration(run, digest);
  return std::move(digest).text();
}

}  // namespace esmm::apps
