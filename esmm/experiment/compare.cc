#include "esmm/experiment/compare.h"

#include <string>
#include <utility>

#include "esmm/core/file.h"
#include "esmm/core/log.h"

namespace esmm::experiment {
namespace {

class Comparing {
 public:
  Comparing(const ComparePlan& plan, const CellData& data, const RunOptions& options)
      : plan_(plan), data_(data), options_(options) {
    found_ = {.config = dump_config(plan.config),
              .dataset = plan.config.data.path,
              .fingerprint = data.fingerprint,
              .train = data.training.train.counts(),
              .test = data.test.counts(),
              .baseline = first_of_method(plan.entries, kBaselineMethod),
              .external = first_of_method(plan.entries, kExternalMethod).value()};
    for (int64_t seed = 1; seed <= plan.seeds; ++seed) found_.seeds.push_back(static_cast<uint64_t>(seed));
    for (const Entry& entry : plan.entries)
      found_.entries.push_back({.name = entry.name, .method = entry.method, .set = entry.set, .cells = {}});
  }

  Comparison run() {
    require_own_folder(plan_.out);
    read_finished();
    write();
    for (const uint64_t seed : found_.seeds) run_seed(seed);
    return std::move(found_);
  }

 private:
  Config config_of(size_t entry, uint64_t seed) const {
    Config config = plan_.entries[entry].config;
    config.train.run = plan_.out / plan_.entries[entry].name / ("seed-" + std::to_string(seed));
    config.train.seed = seed;
    return config;
  }

  void read_finished() {
    for (size_t entry = 0; entry < found_.entries.size(); ++entry) {
      for (const uint64_t seed : found_.seeds) {
        if (auto cell = finished_cell(config_of(entry, seed), data_))
          found_.entries[entry].cells.emplace(seed, std::move(*cell));
      }
    }
  }

  bool done(size_t entry, uint64_t seed) const { return found_.entries[entry].cells.contains(seed); }

  // The external pCTR's cell first: the others are measured with it.
  void run_seed(uint64_t seed) {
    if (!done(found_.external, seed)) run_one(found_.external, seed, {});
    std::vector<float> external_ctr;
    for (size_t entry = 0; entry < found_.entries.size(); ++entry) {
      if (done(entry, seed)) continue;
      if (external_ctr.empty()) external_ctr = p_ctr_of(config_of(found_.external, seed), data_);
      run_one(entry, seed, external_ctr);
    }
  }

  void run_one(size_t entry, uint64_t seed, std::span<const float> external_ctr) {
    stop_if_wanted(options_, plan_.out);
    log::info("run {} of {}: {}, seed {}", found_.finished() + 1, found_.entries.size() * found_.seeds.size(),
              found_.entries[entry].name, seed);
    found_.entries[entry].cells.emplace(seed,
                                        run_cell(config_of(entry, seed), data_, external_ctr, options_));
    write();
  }

  void write() const {
    write_file(plan_.out / "comparison.json", to_json(found_));
    write_file(plan_.out / "comparison.md", to_markdown(found_));
  }

  const ComparePlan& plan_;
  const CellData& data_;
  const RunOptions& options_;
  Comparison found_;
};

}  // namespace

Comparison compare(const ComparePlan& plan, const CellData& data, const RunOptions& options) {
  return Comparing(plan, data, options).run();
}

}  // namespace esmm::experiment
