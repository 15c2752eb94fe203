#pragma once

#include <string>
#include <vector>

#include "esmm/data/dataset.h"
#include "esmm/features/schema.h"

namespace esmm::test {

// A split in memory of single-valued fields: one table row per impression and field.
class MemorySplit : public data::Split {
 public:
  explicit MemorySplit(std::vector<std::vector<int32_t>> rows) : rows_(std::move(rows)) {
    counts_.impressions = static_cast<int64_t>(rows_.size());
  }

  const data::SplitCounts& counts() const override { return counts_; }
  void gather(std::span<const int64_t> impressions, Batch& batch) const override {
    batch.bags.clear();
    batch.size = static_cast<int64_t>(impressions.size());
    for (const int64_t i : impressions) {
      for (const int32_t row : rows_[static_cast<size_t>(i)]) {
        batch.bags.push(row);
        batch.bags.close_bag();
      }
    }
  }
  std::vector<float> clicks() const override { return {}; }
  std::vector<float> conversions() const override { return {}; }
  std::vector<int64_t> groups() const override { return {}; }
  std::vector<double> p_ctr() const override { return {}; }
  std::vector<double> p_cvr() const override { return {}; }
  std::vector<std::string> ids() const override { return {}; }
  std::vector<int64_t> lines() const override { return {}; }

 private:
  std::vector<std::vector<int32_t>> rows_;
  data::SplitCounts counts_;
};

inline Schema schema_of(const std::vector<std::string>& names) {
  Schema schema;
  for (const std::string& name : names) schema.fields.emplace_back().name = name;
  return schema;
}

}  // namespace esmm::test
