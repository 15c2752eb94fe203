#include "esmm/train/batches/batch_source.h"

#include "esmm/features/field_group.h"
#include "esmm/train/batches/gather.h"
#include "esmm/train/batches/user_groups.h"

namespace esmm::train {
namespace {

class SplitSource : public BatchSource {
 public:
  SplitSource(const data::Split& split, bool users_apart, const torch::Device& device)
      : split_(split),
        user_fields_(user_fields(split.schema()).fields),
        gather_(split, users_apart),
        feed_(device) {}

  int64_t size() const override { return split_.size(); }
  std::vector<uint64_t> user_hashes(std::span<const int64_t> impressions) const override {
    return hash_users(split_, user_fields_, impressions);
  }
  void read_in(int64_t first, int64_t count) const override { split_.read_in(first, count); }
  void read_in_joined(std::span<const int64_t> impressions) const override {
    split_.read_in_joined(impressions);
  }
  FedBatch operator()(std::span<const int64_t> impressions) const override {
    return feed_(gather_(impressions));
  }

 private:
  const data::Split& split_;
  const std::vector<int64_t> user_fields_;
  const Gather gather_;
  const DeviceFeed feed_;
};

class ResidentSource : public BatchSource {
 public:
  ResidentSource(const ResidentSplit& split, const torch::Device& device) : split_(split), feed_(device) {}
  // The split may go once no batch is made of it any more.
  ~ResidentSource() override { feed_.wait(); }

  int64_t size() const override { return split_.size(); }
  std::vector<uint64_t> user_hashes(std::span<const int64_t> impressions) const override {
    return split_.user_hashes(impressions);
  }
  void read_in(int64_t, int64_t) const override {}
  void read_in_joined(std::span<const int64_t>) const override {}
  FedBatch operator()(std::span<const int64_t> impressions) const override {
    return feed_.make([&] { return split_(impressions); });
  }

 private:
  const ResidentSplit& split_;
  const DeviceFeed feed_;
};

}  // namespace

std::unique_ptr<BatchSource> split_source(const data::Split& split, bool users_apart,
                                          const torch::Device& device) {
  return std::make_unique<SplitSource>(split, users_apart, device);
}

std::unique_ptr<BatchSource> resident_source(const ResidentSplit& split, const torch::Device& device) {
  return std::make_unique<ResidentSource>(split, device);
}

}  // namespace esmm::train
