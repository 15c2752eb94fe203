#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/random.h"
#include "esmm/data/dataset.h"

namespace esmm::test {

// A split in memory: the impressions of a batch.
class BatchSplit : public data::Split {
 public:
  BatchSplit(Schema schema, Batch all) : schema_(std::move(schema)), all_(std::move(all)) {
    counts_.impressions = all_.size;
    for (const float click : all_.click) counts_.clicks += click == 1.0f;
    for (const float conversion : all_.conversion) counts_.conversions += conversion == 1.0f;
  }

  const Schema& schema() const override { return schema_; }
  const data::SplitCounts& counts() const override { return counts_; }
  int64_t table_rows() const override { return std::numeric_limits<int32_t>::max(); }
  bool has_click_weight() const override { return !all_.click_weight.empty(); }
  bool has_conversion_weight() const override { return !all_.conversion_weight.empty(); }

  void find_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields,
                 std::span<int64_t> lengths, std::vector<data::StoredIds>& pieces) const override {
    size_t next = 0;
    for (const int64_t impression : impressions) {
      for (const int64_t field : fields) {
        const auto [begin, end] = bag(impression, field);
        const float* const weights = all_.bags.weights.empty() ? nullptr : all_.bags.weights.data() + begin;
        pieces.push_back({.ids = all_.bags.ids.data() + begin, .weights = weights, .length = end - begin});
        lengths[next++] = end - begin;
      }
    }
  }

  void copy_ids(std::span<const data::StoredIds> pieces, int32_t* ids, float* weights) const override {
    if (!data::copy_ids(pieces, table_rows(), ids, weights)) throw InternalError("an id below 0");
  }

  void copy_labels(std::span<const int64_t> impressions, const data::LabelTarget& target) const override {
    const auto copy = [&](const std::vector<float>& from, float* to) {
      if (to == nullptr) return;
      for (const int64_t impression : impressions) *to++ = from[impression];
    };
    copy(all_.click, target.click);
    copy(all_.conversion, target.conversion);
    copy(all_.click_weight, target.click_weight);
    copy(all_.conversion_weight, target.conversion_weight);
  }

  void hash_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields,
                 std::span<uint64_t> hashes) const override {
    for (size_t i = 0; i < impressions.size(); ++i) {
      hashes[i] = 0;
      for (const int64_t field : fields) {
        const auto [begin, end] = bag(impressions[i], field);
        hashes[i] = mix64(hashes[i] ^ static_cast<uint64_t>(end - begin));
        for (int64_t k = begin; k < end; ++k)
          hashes[i] = mix64(hashes[i] ^ static_cast<uint64_t>(all_.bags.ids[k]));
      }
    }
  }

  void same_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields,
                 std::span<uint8_t> same) const override {
    for (size_t i = 0; i + 1 < impressions.size(); ++i)
      same[i] = static_cast<uint8_t>(same_bags(impressions[i], impressions[i + 1], fields));
  }

  void read_in(int64_t, int64_t) const override {}
  void read_in_joined(std::span<const int64_t>) const override {}

  std::vector<float> clicks() const override { return all_.click; }
  std::vector<float> conversions() const override { return all_.conversion; }
  std::vector<int64_t> groups() const override { return {}; }
  std::vector<double> p_ctr() const override { return {}; }
  std::vector<double> p_cvr() const override { return {}; }
  std::vector<std::string> ids() const override { return {}; }
  std::vector<int64_t> lines() const override { return {}; }

 private:
  bool same_bags(int64_t one, int64_t other, std::span<const int64_t> fields) const {
    const auto same = [&](const auto& values, int64_t field) {
      const auto [a, a_end] = bag(one, field);
      const auto [b, b_end] = bag(other, field);
      return values.empty() || std::equal(values.begin() + a, values.begin() + a_end, values.begin() + b,
                                          values.begin() + b_end);
    };
    return std::all_of(fields.begin(), fields.end(), [&](int64_t field) {
      return same(all_.bags.ids, field) && same(all_.bags.weights, field);
    });
  }

  std::pair<int64_t, int64_t> bag(int64_t impression, int64_t field) const {
    const int64_t b = impression * schema_.size() + field;
    return {all_.bags.offsets[b], all_.bags.offsets[b + 1]};
  }

  Schema schema_;
  Batch all_;
  data::SplitCounts counts_;
};

}  // namespace esmm::test
