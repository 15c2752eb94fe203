#include "esmm/experiment/search_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "esmm/config/tune_keys.h"
#include "esmm/metrics/evaluation.h"

namespace esmm::experiment {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& json, const std::string& key, const metrics::Value& value) {
  json[key] = value.number ? Json(*value.number) : Json(nullptr);
  if (!value.number) json[key + "_reason"] = value.reason;
}

Json rung_json(const TriedRung& rung) {
  Json json{{"steps", rung.steps}};
  put(json, "mean", rung.score.mean);
  put(json, "std", rung.score.deviation);
  json["values"] = Json::array();
  for (const metrics::Value& value : rung.score.values)
    json["values"].push_back(value.number ? Json(*value.number) : Json(nullptr));
  json["train_seconds"] = rung.train_seconds;
  return json;
}

Json trial_json(const TriedTrial& tried) {
  Json json{{"number", tried.trial.number}, {"set", tried.trial.set}, {"rungs", Json::array()}};
  for (const TriedRung& rung : tried.rungs) json["rungs"].push_back(rung_json(rung));
  return json;
}

std::string score_text(const Summary& score) {
  if (!score.mean.number) return score.mean.reason;
  if (!score.deviation.number) return fmt::format("{:.5f}", *score.mean.number);
  return fmt::format("{:.5f} ± {:.5f}", *score.mean.number, *score.deviation.number);
}

}  // namespace

std::vector<size_t> SearchResult::ranking() const {
  const bool higher = metrics::higher_is_better(tune.metric);
  std::vector<size_t> places;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (!trials[i].rungs.empty()) places.push_back(i);
  }
  std::stable_sort(places.begin(), places.end(), [&](size_t a, size_t b) {
    const auto &left = trials[a].rungs, &right = trials[b].rungs;
    if (left.size() != right.size()) return left.size() > right.size();
    const auto &x = left.back().score.mean.number, &y = right.back().score.mean.number;
    if (!x || !y) return x.has_value() && !y;
    return higher ? *x > *y : *x < *y;
  });
  return places;
}

std::optional<size_t> SearchResult::best() const {
  const std::vector<size_t> places = ranking();
  if (places.empty()) return std::nullopt;
  const TriedTrial& first = trials[places.front()];
  const bool whole = first.rungs.size() == rungs.size() && first.rungs.back().score.mean.number;
  return whole ? std::optional(places.front()) : std::nullopt;
}

std::string to_json(const SearchResult& result) {
  const TuneConfig& tune = result.tune;
  Json json{{"kind", "esmm trials 1"},
            {"config", result.config},
            {"dataset", result.fingerprint},
            {"metric", tune.metric},
            {"better", metrics::higher_is_better(tune.metric) ? "higher" : "lower"},
            {"search", config::text_of(tune.search)},
            {"seeds", Json::array()},
            {"rungs", Json::array()},
            {"trials", Json::array()},
            {"best", nullptr}};
  for (int64_t seed = 1; seed <= tune.seeds_per_trial; ++seed) json["seeds"].push_back(seed);
  for (const Rung& rung : result.rungs)
    json["rungs"].push_back({{"trials", rung.trials}, {"share", rung.share}});
  for (const TriedTrial& tried : result.trials) json["trials"].push_back(trial_json(tried));
  if (const auto best = result.best()) json["best"] = result.trials[*best].trial.number;
  return json.dump(2) + "\n";
}

std::string trials_table(const SearchResult& result) {
  std::string table = fmt::format("| trial | settings | steps | {} | train s |\n|---:|---|---:|---:|---:|\n",
                                  result.tune.metric);
  for (const size_t place : result.ranking()) {
    const TriedTrial& tried = result.trials[place];
    const TriedRung& last = tried.rungs.back();
    table +=
        fmt::format("| {} | {} | {} | {} | {:.1f} |\n", tried.trial.number, fmt::join(tried.trial.set, ", "),
                    last.steps, score_text(last.score), last.train_seconds);
  }
  return table;
}

}  // namespace esmm::experiment
