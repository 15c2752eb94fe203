#pragma once

#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

#include "esmm/core/error.h"
#include "esmm/core/random.h"
#include "esmm/data/dataset.h"
#include "esmm/train/training_data.h"

namespace esmm::test {

inline constexpr int64_t kUsers = 20, kItems = 30, kFields = 3;
inline constexpr int64_t kTableRows = kUsers + kItems + kFields;

// Fields user, item and history (items, with weights).
inline Schema memory_schema() {
  Schema schema;
  schema.fields.resize(kFields);
  schema.fields[0].name = "user";
  schema.fields[1].name = "item";
  schema.fields[2].name = "history";
  schema.fields[2].kind = FieldKind::multi;
  schema.fields[2].shares = "item";
  return schema;
}

// Drawn impressions in memory. Users and items have fixed tastes, so that there is something to learn.
class MemorySplit : public data::Split {
 public:
  MemorySplit(int64_t size, uint64_t seed) : counts_{.impressions = size} {
    Random random(seed);
    for (int64_t i = 0; i < size; ++i) {
      user_.push_back(static_cast<int32_t>(random.below(kUsers)));
      item_.push_back(static_cast<int32_t>(kUsers + static_cast<int64_t>(random.below(kItems))));
      const double ctr = sigmoid(taste(user_.back(), 1) + taste(item_.back(), 2)),
                   cvr = sigmoid(taste(item_.back(), 3));
      click_.push_back(random.uniform() < ctr ? 1.0f : 0.0f);
      conversion_.push_back(click_.back() == 1.0f && random.uniform() < cvr ? 1.0f : 0.0f);
      counts_.clicks += click_.back() == 1.0f;
      counts_.conversions += conversion_.back() == 1.0f;
      p_ctr_.push_back(ctr);
      p_cvr_.push_back(cvr);
    }
  }

  const data::SplitCounts& counts() const override { return counts_; }

  void gather(std::span<const int64_t> impressions, Batch& batch) const override {
    ++gathers;
    if (gathers > fail_after) throw Error({.what = "the shard is gone"});
    if (slow)
      std::this_thread::sleep_for(
          std::chrono::microseconds(mix64(static_cast<uint64_t>(gathers.load())) % 2000));
    batch.bags.clear();
    batch.click.clear();
    batch.conversion.clear();
    batch.size = static_cast<int64_t>(impressions.size());
    for (const int64_t i : impressions) {
      const auto at = static_cast<size_t>(i);
      batch.bags.push(user_[at]);
      batch.bags.close_bag();
      batch.bags.push(item_[at]);
      batch.bags.close_bag();
      for (int64_t k = 0; k < i % 4; ++k) {
        batch.bags.push(static_cast<int32_t>(kUsers + (7 * i + k) % kItems), 1.0f + static_cast<float>(k));
      }
      batch.bags.close_bag();
      batch.click.push_back(click_[at]);
      batch.conversion.push_back(conversion_[at]);
    }
  }

  std::vector<float> clicks() const override { return click_; }
  std::vector<float> conversions() const override { return conversion_; }
  std::vector<int64_t> groups() const override { return {user_.begin(), user_.end()}; }
  std::vector<double> p_ctr() const override { return p_ctr_; }
  std::vector<double> p_cvr() const override { return p_cvr_; }
  std::vector<std::string> ids() const override { return {}; }
  std::vector<int64_t> lines() const override { return std::vector<int64_t>(click_.size(), 1); }

  mutable std::atomic<int64_t> gathers = 0;
  int64_t fail_after = std::numeric_limits<int64_t>::max();  // gathers that work
  bool slow = false;

 private:
  static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
  static double taste(int32_t row, uint64_t stream) {
    return 1.5 * Random(static_cast<uint64_t>(row), stream).normal();
  }

  data::SplitCounts counts_;
  std::vector<int32_t> user_, item_;
  std::vector<float> click_, conversion_;
  std::vector<double> p_ctr_, p_cvr_;
};

// A data set in memory: 73 impressions to train on, 60 to validate on.
struct MemoryData {
  MemorySplit train{73, 1}, validation{60, 2};

  train::TrainingData with_validation() const { return make(&validation); }
  train::TrainingData without_validation() const { return make(nullptr); }

 private:
  train::TrainingData make(const data::Split* held_out) const {
    std::vector<int64_t> vocabulary;
    for (int64_t key = 0; key < kUsers + kItems; ++key) vocabulary.push_back(1000 + key);
    return {.train = train,
            .validation = held_out,
            .schema = memory_schema(),
            .vocabulary = vocabulary,
            .table_rows = kTableRows,
            .fingerprint = "in memory"};
  }
};

}  // namespace esmm::test
