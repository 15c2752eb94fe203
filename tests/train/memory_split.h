#pragma once

#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>
#include <utility>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/random.h"
#include "esmm/data/dataset.h"
#include "esmm/train/training_data.h"
#include "tests/support/batch_split.h"

namespace esmm::test {

inline constexpr int64_t kUsers = 20, kItems = 30, kFields = 3;
inline constexpr int64_t kTableRows = kUsers + kItems + kFields;

// Fields user, item and history (items, with weights).
inline Schema memory_schema() {
  Schema schema;
  schema.fields.resize(kFields);
  schema.fields[0].name = "user";
  schema.fields[0].side = Side::user;
  schema.fields[1].name = "item";
  schema.fields[2].name = "history";
  schema.fields[2].kind = FieldKind::multi;
  schema.fields[2].shares = "item";
  schema.fields[2].weights = "strengths";
  return schema;
}

// Drawn impressions in memory. Users and items have fixed tastes, so that there is something to learn.
class MemorySplit : public BatchSplit {
 public:
  MemorySplit(int64_t size, uint64_t seed) : MemorySplit(draw(size, seed)) {}

  void find_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields,
                 std::span<int64_t> lengths, std::vector<data::StoredIds>& pieces) const override {
    ++gathers;
    if (gathers > fail_after) throw Error({.what = "the shard is gone"});
    if (slow)
      std::this_thread::sleep_for(
          std::chrono::microseconds(mix64(static_cast<uint64_t>(gathers.load())) % 2000));
    BatchSplit::find_bags(impressions, fields, lengths, pieces);
  }

  int64_t table_rows() const override { return kTableRows; }
  std::vector<int64_t> groups() const override { return users_; }
  std::vector<double> p_ctr() const override { return p_ctr_; }
  std::vector<double> p_cvr() const override { return p_cvr_; }
  std::vector<int64_t> lines() const override { return std::vector<int64_t>(users_.size(), 1); }

  mutable std::atomic<int64_t> gathers = 0;
  int64_t fail_after = std::numeric_limits<int64_t>::max();  // gathers that work
  bool slow = false;

 private:
  struct Drawn {
    Batch batch;
    std::vector<int64_t> users;
    std::vector<double> p_ctr, p_cvr;
  };

  explicit MemorySplit(Drawn drawn)
      : BatchSplit(memory_schema(), std::move(drawn.batch)),
        users_(std::move(drawn.users)),
        p_ctr_(std::move(drawn.p_ctr)),
        p_cvr_(std::move(drawn.p_cvr)) {}

  static Drawn draw(int64_t size, uint64_t seed) {
    Random random(seed);
    Drawn drawn;
    Batch& batch = drawn.batch;
    batch.size = size;
    for (int64_t i = 0; i < size; ++i) {
      const auto user = static_cast<int32_t>(random.below(kUsers));
      const auto item = static_cast<int32_t>(kUsers + static_cast<int64_t>(random.below(kItems)));
      const double ctr = sigmoid(taste(user, 1) + taste(item, 2)), cvr = sigmoid(taste(item, 3));
      batch.click.push_back(random.uniform() < ctr ? 1.0f : 0.0f);
      batch.conversion.push_back(batch.click.back() == 1.0f && random.uniform() < cvr ? 1.0f : 0.0f);
      drawn.users.push_back(user);
      drawn.p_ctr.push_back(ctr);
      drawn.p_cvr.push_back(cvr);
      batch.bags.push(user);
      batch.bags.close_bag();
      batch.bags.push(item);
      batch.bags.close_bag();
      for (int64_t k = 0; k < i % 4; ++k) {
        batch.bags.push(static_cast<int32_t>(kUsers + (7 * i + k) % kItems), 1.0f + static_cast<float>(k));
      }
      batch.bags.close_bag();
    }
    return drawn;
  }

  static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
  static double taste(int32_t row, uint64_t stream) {
    return 1.5 * Random(static_cast<uint64_t>(row), stream).normal();
  }

  std::vector<int64_t> users_;
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
