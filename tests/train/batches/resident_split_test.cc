#include "esmm/train/batches/resident_split.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "esmm/core/random.h"
#include "esmm/train/batches/batch_source.h"
#include "esmm/train/batches/gather.h"
#include "tests/ops/cuda/gpu.h"
#include "tests/support/batch_split.h"
#include "tests/train/batches/field_of.h"
#include "tests/train/batches/same_batches.h"

namespace esmm::train {
namespace {

using test::field_of;

struct Case {
  std::string name;
  Pooling history, tags;
  bool raw_weights, label_weights, empty_bags;
};

const std::vector<Case> kCases{
    {"means", Pooling::mean, Pooling::mean, false, false, true},
    {"sums", Pooling::sum, Pooling::sum, false, true, true},
    {"a sum with raw weights beside a mean", Pooling::mean, Pooling::sum, true, true, true},
    {"means with raw weights", Pooling::mean, Pooling::mean, true, false, true},
    {"means, most of one id", Pooling::mean, Pooling::mean, false, false, false},
};

// Fields item, the user's history, user, and tags.
Schema schema_of(const Case& of) {
  Schema schema;
  schema.fields = {field_of(FieldKind::categorical, Side::item, Pooling::mean),
                   field_of(FieldKind::multi, Side::user, of.history),
                   field_of(FieldKind::categorical, Side::user, Pooling::mean),
                   field_of(FieldKind::multi, Side::context, of.tags, of.raw_weights ? "w" : "")};
  return schema;
}

// Impressions of 40 users, in no order. A user's history has up to 3 ids, an impression up to 4 tags.
test::BatchSplit split_for(const Case& of, int64_t size) {
  Random random(7);
  Batch all{.size = size, .bags = {}, .click = {}, .conversion = {}};
  const auto push = [&](int32_t id, float weight) { all.bags.push(id, weight); };
  for (int64_t i = 0; i < size; ++i) {
    const auto user = static_cast<int32_t>(random.below(40));
    push(1000 + static_cast<int32_t>(i), 1);
    all.bags.close_bag();
    const int32_t history = of.empty_bags ? user % 4 : user == 3 ? 2 : 1;
    for (int32_t k = 0; k < history; ++k) push(100 + user + k, 1);
    all.bags.close_bag();
    push(user, 1);
    all.bags.close_bag();
    const uint64_t tags = of.empty_bags ? random.below(5) : i % 16 == 5 ? 2 : 1;
    for (uint64_t k = 0; k < tags; ++k)
      push(static_cast<int32_t>(random.below(50)),
           of.raw_weights ? static_cast<float>(random.below(4)) * 0.5f : 1);
    all.bags.close_bag();
    all.click.push_back(static_cast<float>(random.below(2)));
    all.conversion.push_back(all.click.back() * static_cast<float>(random.below(2)));
    if (of.label_weights) {
      all.click_weight.push_back(static_cast<float>(random.uniform()));
      all.conversion_weight.push_back(static_cast<float>(random.uniform()));
    }
  }
  return {schema_of(of), all};
}

// Drawn impressions, the second half of each batch those of one user after each other in runs.
std::vector<int64_t> drawn(int64_t size, int64_t count, Random& random) {
  std::vector<int64_t> impressions;
  while (static_cast<int64_t>(impressions.size()) < count) {
    impressions.push_back(static_cast<int64_t>(random.below(static_cast<uint64_t>(size))));
    if (random.below(3) == 0) impressions.push_back(impressions.back());
  }
  return impressions;
}

void check_on(const torch::Device& device, int64_t size) {
  for (const Case& of : kCases) {
    const test::BatchSplit split = split_for(of, size);
    for (const bool users_apart : {false, true}) {
      INFO(of.name << ", users apart: " << users_apart);
      ResidentSplit resident(split, users_apart);
      resident.load(device);
      const Gather gather(split, users_apart);
      Random random(3);
      for (const int64_t count : {1, 2, 7, 64, 64, 300}) {
        const std::vector<int64_t> impressions = drawn(size, count, random);
        const TensorBatch batch = resident(impressions);
        CHECK(batch.bags.rows.device() == device);
        test::check_same(batch, gather(impressions));
      }
    }
  }
}

TEST_CASE("a batch of a split on a device is what is gathered from its files") {
  check_on(torch::kCPU, 5000);  // more than are loaded at once
  check_on(torch::kCPU, 13);
}

TEST_CASE("on a GPU, a batch of a split there is what is gathered on the host", "[gpu]") {
  if (test::has_gpu()) check_on(torch::Device(torch::kCUDA, 0), 5000);
}

TEST_CASE("a batch without a mean of several ids has no weights, though other impressions have") {
  const test::BatchSplit split = split_for(kCases[4], 64);
  ResidentSplit resident(split, /*users_apart=*/true);
  resident.load(torch::kCPU);
  CHECK_FALSE(resident(std::vector<int64_t>{4, 6}).bags.weights.defined());
  CHECK(resident(std::vector<int64_t>{4, 5}).bags.weights.defined());
}

TEST_CASE("the bytes said before loading are those of the tensors, a user's once") {
  Schema schema;
  schema.fields = {field_of(FieldKind::categorical, Side::item, Pooling::mean),
                   field_of(FieldKind::multi, Side::user, Pooling::sum)};
  Batch all{.size = 3, .bags = {}, .click = {1, 0, 1}, .conversion = {1, 0, 0}};
  for (int32_t i = 0; i < 3; ++i) {
    all.bags.push(i);
    all.bags.close_bag();
    for (int32_t k = 0; k < 5; ++k) all.bags.push(k);
    all.bags.close_bag();
  }
  // Starts and two labels of an impression 16 bytes; ids and ends of bags 4 each.
  const test::BatchSplit sums(schema, all);
  CHECK(ResidentSplit(sums, false).bytes() == 3 * (16 + 6 * 4 + 2 * 4));
  // The item has one id in each impression: ends once for all. The user's five once.
  CHECK(ResidentSplit(sums, true).bytes() == 3 * (16 + 4) + 4 + (8 + 5 * 4 + 4));
  schema.fields[1].pooling = Pooling::mean;
  all.click_weight = {1, 1, 2};
  CHECK(ResidentSplit(test::BatchSplit(schema, all), false).bytes() == 3 * (16 + 4 + 6 * 8 + 2 * 4));
}

TEST_CASE("a split on a device knows its users' hashes") {
  const test::BatchSplit split = split_for(kCases[0], 100);
  const std::vector<int64_t> impressions{99, 3, 3, 50, 0};
  const ResidentSplit resident(split, /*users_apart=*/true);
  CHECK(resident.user_hashes(impressions) ==
        hash_users(split, user_fields(split.schema()).fields, impressions));
}

TEST_CASE("a source of a split on a device feeds what the one of its files feeds") {
  const test::BatchSplit split = split_for(kCases[2], 100);
  ResidentSplit resident(split, /*users_apart=*/true);
  resident.load(torch::kCPU);
  const auto there = resident_source(resident, torch::kCPU);
  const auto files = split_source(split, /*users_apart=*/true, torch::kCPU);
  const std::vector<int64_t> impressions{5, 99, 5, 7};
  CHECK(there->size() == files->size());
  CHECK(there->user_hashes(impressions) == files->user_hashes(impressions));
  test::check_same((*there)(impressions).take(), (*files)(impressions).take());
}

}  // namespace
}  // namespace esmm::train
