#include "esmm/config/validate.h"

#include "esmm/core/nearest.h"

#include <algorithm>

namespace esmm::config {
namespace {

bool has_validation(const DataConfig& data) {
  switch (data.split.by) {
    case SplitBy::column:
      return data.split.validation.given();
    case SplitBy::fraction:
      return data.split.validation_fraction > 0;
    case SplitBy::source:
      break;
  }
  return std::any_of(data.sources.begin(), data.sources.end(),
                     [](const SourceConfig& source) { return source.split == "validation"; });
}

void validate_calibration(const Config& config, Problems& problems) {
  if (config.calibration.method == CalibrationMethod::none || has_validation(config.data)) return;
  if (!problems.clean("data.split") || !problems.clean("data.sources")) return;
  problems.add("calibration.method", {.what = "calibration needs a validation split",
                                      .hint = "give data.split one or set the method to none"});
}

void validate_device(const std::string& device, Problems& problems) {
  const std::vector<std::string> kinds{"auto", "cpu",           "cuda",   "hip", "hpu", "mps",
                                       "mtia", "privateuseone", "vulkan", "xla", "xpu"};
  const size_t colon = device.find(':');
  const std::string kind = device.substr(0, colon);
  const std::string index = colon == std::string::npos ? "0" : device.substr(colon + 1);
  const bool digits =
      !index.empty() && index.size() <= 3 && index.find_first_not_of("0123456789") == std::string::npos;
  const bool known = std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  if (device.empty() || (known && digits && device != "auto:" + index)) return;
  problems.add("train.device", {.what = "not a device",
                                .expected = "auto, cpu, cuda, cuda:0 or another LibTorch device",
                                .got = device,
                                .hint = known           ? ""
                                        : kind == "gpu" ? "did you mean \"cuda\"?"
                                                        : did_you_mean(kind, kinds)});
}

}  // namespace

void validate_metric(const std::string& path, const std::string& user, const std::string& metric,
                     const Config& config, Problems& problems) {
  const std::vector<std::string> heads{"ctr", "cvr", "ctcvr", "cvr_entire_space"};
  const std::vector<std::string> metrics{"auc", "gauc", "logloss", "normalized_entropy", "ece"};
  std::vector<std::string> known;
  for (const std::string& head : heads) {
    for (const std::string& name : metrics) known.push_back(head + '.' + name);
  }
  if (std::find(known.begin(), known.end(), metric) == known.end()) {
    problems.add(path, {.what = "not a metric",
                        .expected = "<head>.<metric>: head " + list_in_words(heads) + "; metric " +
                                    list_in_words(metrics),
                        .got = metric,
                        .hint = did_you_mean(metric, known)});
  } else if (metric.starts_with("cvr_entire_space") && config.data.truth.p_cvr.empty() &&
             problems.clean("data.truth")) {
    problems.add(path, {.what = "cvr_entire_space needs the truth",
                        .hint = "set data.truth or choose another metric"});
  } else if (metric.ends_with(".gauc") && config.data.group_by.empty() && problems.clean("data.group_by")) {
    problems.add(path, {.what = "gauc needs groups", .hint = "set data.group_by or choose another metric"});
  }
  if (problems.clean(path) && !has_validation(config.data) && problems.clean("data.split") &&
      problems.clean("data.sources")) {
    problems.add(path, {.what = user + " needs a validation split",
                        .hint = "give data.split one or remove the metric"});
  }
}

void validate_train(const Config& config, Problems& problems) {
  const std::string& watched = config.train.early_stop.metric;
  if (problems.clean("train.early_stop") && !watched.empty())
    validate_metric("train.early_stop.metric", "early stop", watched, config, problems);
  if (problems.clean("calibration")) validate_calibration(config, problems);
  if (problems.clean("train.device")) validate_device(config.train.device, problems);
  const auto of_users = std::count_if(config.data.fields.begin(), config.data.fields.end(),
                                      [](const Field& field) { return field.side == Side::user; });
  const bool both_sides = of_users > 0 && of_users < static_cast<int64_t>(config.data.fields.size());
  if (config.train.impressions_per_user > 0 && !both_sides && problems.clean("data.fields")) {
    problems.add("train.impressions_per_user", {.what = "there is nothing to look up once a user",
                                                .expected = "fields of the user, with side: user, and others",
                                                .got = of_users > 0 ? "the user's alone" : "others alone",
                                                .hint = "give the user's fields their side, or set it to 0"});
  }
  if (!config.train.run.empty() && config.train.run == config.data.path) {
    problems.add("train.run", {.what = "the same folder as data.path",
                               .got = config.train.run.string(),
                               .hint = "a run needs a folder of its own"});
  }
}

}  // namespace esmm::config
