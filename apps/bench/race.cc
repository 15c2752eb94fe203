#include "apps/bench/race.h"

#include <algorithm>
#include <chrono>

namespace esmm::bench {

namespace {

double seconds_of(const System& system) {
  if (system.prepare) system.prepare();
  const auto start = std::chrono::steady_clock::now();
  system.run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(const std::vector<double>& sorted) {
  const size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// samples_per_second of the first system that plays this role, of this name where one is given.
std::optional<double> speed_of(Role role, const std::string& name, const std::vector<System>& systems,
                               const std::vector<Row>& rows) {
  for (size_t i = 0; i < systems.size(); ++i) {
    if (systems[i].role == role && (name.empty() || systems[i].name == name))
      return rows[i].samples_per_second;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Row> race(const std::string& name, int64_t samples, int rounds,
                      const std::vector<System>& systems) {
  std::vector<std::vector<double>> speeds(systems.size());
  for (int round = -1; round < rounds; ++round) {
    for (size_t i = 0; i < systems.size(); ++i) {
      const double seconds = seconds_of(systems[i]);
      if (round >= 0) speeds[i].push_back(static_cast<double>(samples) / seconds);
    }
  }

  std::vector<Row> rows;
  for (size_t i = 0; i < systems.size(); ++i) {
    std::sort(speeds[i].begin(), speeds[i].end());
    Row& row = rows.emplace_back();
    row.name = name;
    row.system = systems[i].name;
    row.samples_per_second = median(speeds[i]);
    row.min = speeds[i].front();
    row.max = speeds[i].back();
  }
  const auto stock = speed_of(Role::stock, "", systems, rows);
  for (size_t i = 0; i < systems.size(); ++i) {
    Row& row = rows[i];
    const auto limit = speed_of(Role::limit, systems[i].limit, systems, rows);
    if (stock) row.ratio_to_stock = row.samples_per_second / *stock;
    if (limit) row.share_of_limit = row.samples_per_second / *limit;
  }
  return rows;
}

}  // namespace esmm::bench
