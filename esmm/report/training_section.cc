#include "esmm/report/training_section.h"

#include <algorithm>

#include "esmm/report/line_plot.h"
#include "esmm/report/page.h"
#include "esmm/report/text.h"

namespace esmm::report {
namespace {

constexpr size_t kPoints = 500, kFewPoints = 40;

using Curves = std::map<std::string, std::vector<Point>>;

// A curve of the log and how it is drawn.
struct Wanted {
  std::string name, shown;
  int colour;
  bool dashed = false;
};

// Fits both axes to the curves that are there. Undefined where none is.
LinePlot plot_of(const Curves& curves, const std::vector<Wanted>& wanted, LinePlot plot,
                 const std::string& why_none) {
  std::vector<double> x, y;
  for (const Wanted& want : wanted) {
    const auto found = curves.find(want.name);
    if (found == curves.end()) continue;
    const bool few = found->second.size() <= kFewPoints;
    plot.lines.push_back({.name = want.shown,
                          .colour = want.colour,
                          .dashed = want.dashed,
                          .marked = few,
                          .points = thinned(found->second, kPoints)});
    for (const Point& point : plot.lines.back().points) {
      x.push_back(point.x);
      y.push_back(point.y);
    }
  }
  if (x.empty()) plot.undefined = why_none;
  plot.x = {.label = "training step", .unit = Unit::count};
  fit(plot.x, x);
  fit(plot.y, y);
  return plot;
}

std::vector<Wanted> heads(const std::string& metric) {
  return {{"ctr." + metric, "CTR", 1},
          {"cvr." + metric, "CVR, clicked rows", 2},
          {"ctcvr." + metric, "CTCVR", 3}};
}

LinePlot loss_plot(const TrainingLog& log) {
  std::vector<Wanted> wanted;
  int colour = 2;
  for (const auto& [name, points] : log.train) {
    if (name.starts_with("loss_")) wanted.push_back({name, name.substr(5), colour = colour % 5 + 1, true});
  }
  wanted.insert(wanted.begin(), {"loss", "loss (sum of its terms)", 1});
  return plot_of(log.train, wanted,
                 {.title = "Training loss",
                  .description = "Mean loss and its terms per interval of training steps.",
                  .explanation = "Mean over the impressions since the point before. It should fall and level "
                                 "off; a rise that stays "
                                 "means that training went wrong.",
                  .y = {.label = "mean loss"}},
                 "metrics.jsonl holds no training line");
}

LinePlot validation_plot(const TrainingLog& log, const std::string& metric, LinePlot plot) {
  plot.description = plot.title + " per head over training steps.";
  return plot_of(log.validation, heads(metric), std::move(plot), "no validation measured it");
}

}  // namespace

std::string training_section(const ReportInput& input) {
  const TrainingLog& log = input.log;
  const EarlyStopConfig& watched = input.config.train.early_stop;
  const std::string lead =
      count_text(static_cast<double>(log.steps)) + " steps, " + count_text(static_cast<double>(log.epochs)) +
      " epoch" + (log.epochs == 1 ? "" : "s") + ", " + count_text(static_cast<double>(log.samples)) +
      " impressions in " + number_text(log.seconds, 3) + " s. " +
      (watched.metric.empty()
           ? "The model that was kept is that of the last step."
           : "The model that was kept is the best on the validation split by " + watched.metric + ".");
  std::vector<LinePlot> plots = {loss_plot(log)};
  if (!log.validation.empty()) {
    plots.push_back(validation_plot(
        log, "auc",
        {.title = "Validation AUC",
         .explanation =
             "Share of (positive, negative) pairs in the right order. A fall after a peak is overfitting.",
         .y = {.label = "AUC"}}));
    plots.push_back(validation_plot(
        log, "logloss",
        {.title = "Validation log loss",
         .explanation =
             "Lower is better. Heads differ in scale because their base rates do: compare each with itself.",
         .y = {.label = "log loss (log scale)", .spacing = Spacing::log}}));
    plots.push_back(validation_plot(
        log, "pcoc",
        {.title = "Validation PCOC",
         .explanation =
             "Mean prediction over mean label: 1 is calibrated, above 1 the model promises too much.",
         .y = {.label = "predicted / observed"}}));
  }
  plots.push_back(plot_of(
      log.train, {{"learning_rate", "towers", 1}, {"table_learning_rate", "embedding table", 2, true}},
      {.title = "Learning rate",
       .description = "Learning rates of towers and embedding table over training steps.",
       .explanation = "Of the towers' and the embedding table's optimiser at each step.",
       .y = {.label = "learning rate"}},
      "metrics.jsonl holds no training line"));
  plots.push_back(plot_of(log.train, {{"samples_per_second", "impressions per second", 1}},
                          {.title = "Speed",
                           .description = "Impressions trained on per second over training steps.",
                           .explanation = "Validations and checkpoints are left out of the time.",
                           .y = {.label = "impressions / s", .unit = Unit::count}},
                          "metrics.jsonl holds no training line"));
  std::string figures;
  for (size_t i = 0; i < plots.size(); ++i) figures += figure(plots[i], "train-" + std::to_string(i));
  return section("training", "Training",
                 "<p class=\"lead\">" + escape(lead) + "</p><div class=\"grid\">" + figures + "</div>");
}

}  // namespace esmm::report
