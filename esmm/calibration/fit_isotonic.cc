#include <algorithm>
#include <vector>

#include "esmm/calibration/fit.h"
#include "esmm/calibration/require_positives.h"
#include "esmm/metrics/sorted_rows.h"

namespace esmm::calibration {
namespace {

constexpr double kShareOfPositives = 0.005;

// Rows next to one another in the order of their scores.
struct Block {
  double weight = 0, positive = 0, weighted_p = 0, rows = 0;

  double rate() const { return positive / weight; }
  // As if half of one more row were negative where all are positive: below 1, so that one that is costs a
  // finite log loss.
  double likely_rate() const { return std::min(rate(), (rows + 0.5) / (rows + 1)); }
  double mean_p() const { return weighted_p / weight; }
  void take(const Block& next) {
    weight += next.weight;
    positive += next.positive;
    weighted_p += next.weighted_p;
    rows += next.rows;
  }
};

// In order; each holds `fewest` positives or more.
std::vector<Block> cut(const Rows& rows, double fewest) {
  const std::vector<uint32_t> order = metrics::sorted_rows(rows.p);
  std::vector<Block> blocks;
  Block open;
  for (size_t begin = 0; begin < order.size();) {
    const size_t end = metrics::end_of_ties(std::span<const uint32_t>(order), rows.p, begin);
    for (size_t i = begin; i < end; ++i) {
      const uint32_t row = order[i];
      const double weight = rows.weight[row];
      open.take({.weight = weight,
                 .positive = rows.positive[row],
                 .weighted_p = weight * rows.p[row],
                 .rows = weight > 0 ? 1.0 : 0.0});
    }
    begin = end;
    if (open.positive < fewest || open.weight <= 0) continue;
    blocks.push_back(open);
    open = {};
  }
  blocks.back().take(open);
  return blocks;
}

std::vector<Block> pool(const std::vector<Block>& blocks) {
  std::vector<Block> rising;
  for (const Block& block : blocks) {
    rising.push_back(block);
    while (rising.size() > 1 && rising[rising.size() - 2].rate() >= rising.back().rate()) {
      rising[rising.size() - 2].take(rising.back());
      rising.pop_back();
    }
  }
  return rising;
}

double largest_p(const Rows& rows) {
  double largest = 0;
  for (size_t i = 0; i < rows.p.size(); ++i) {
    if (rows.weight[i] > 0) largest = std::max<double>(largest, rows.p[i]);
  }
  return largest;
}

// The last line on to x, at most halfway from its end to 1: above the last block's mean the data say no more
// than its slope, and from there to (1, 1) it can be steep.
void go_on_to(double x, Map& map) {
  const size_t last = map.x.size() - 1;
  if (last == 0 || x <= map.x[last] || x >= 1) return;
  const double slope = (map.y[last] - map.y[last - 1]) / (map.x[last] - map.x[last - 1]);
  map.y.push_back(std::min((map.y[last] + 1) / 2, map.y[last] + slope * (x - map.x[last])));
  map.x.push_back(x);
}

}  // namespace

Map fit_isotonic(const Rows& rows) {
  const double positives = require_positives(rows);
  Map map{.kind = Map::Kind::isotonic, .x = {0}, .y = {0}};
  for (const Block& block : pool(cut(rows, std::max(kFewestPositives, kShareOfPositives * positives)))) {
    if (block.mean_p() <= map.x.back() || block.mean_p() >= 1) continue;  // an end's own point stands
    map.x.push_back(block.mean_p());
    map.y.push_back(std::max(block.likely_rate(), map.y.back()));
  }
  go_on_to(largest_p(rows), map);
  map.x.push_back(1);
  map.y.push_back(1);
  return map;
}

}  // namespace esmm::calibration
