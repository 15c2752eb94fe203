#include "esmm/train/batches/loader.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <system_error>

#include "tests/support/few_threads.h"
#include "tests/train/memory_split.h"

namespace esmm::train {
namespace {

using test::kFields;

const torch::Device kCpu(torch::kCPU);

// The table rows of all batches in a row, and the batches' sizes.
struct Loaded {
  std::vector<torch::Tensor> rows;
  std::vector<int64_t> sizes;
  torch::Tensor all() const { return torch::cat(rows); }
};

Loaded load(const data::Split& split, const LoaderOptions& options) {
  Loader loader(split, options, kCpu);
  Loaded loaded;
  while (const auto batch = loader.next()) {
    loaded.rows.push_back(batch->bags.rows);
    loaded.sizes.push_back(batch->size);
  }
  return loaded;
}

TEST_CASE("without shuffling impressions come in their own order, the last batch smaller") {
  const test::MemorySplit split(10, 1);
  const Loaded loaded = load(split, {.batch_size = 4, .last_step = 3});
  CHECK(loaded.sizes == std::vector<int64_t>{4, 4, 2});
  std::vector<int64_t> own(10);
  std::iota(own.begin(), own.end(), 0);
  Batch batch;
  split.gather(own, batch);
  CHECK(torch::equal(loaded.all(), to_tensors(batch, std::vector<Pooling>(3, Pooling::mean)).bags.rows));
}

// 7 batches an epoch, 3 epochs; 50 impressions are one window, or windows of 16 or 17.
LoaderOptions three_epochs(int64_t window, int64_t impressions_per_user) {
  return {.batch_size = 8,
          .last_step = 21,
          .shuffle = true,
          .seed = 3,
          .window = window,
          .impressions_per_user = impressions_per_user};
}

TEST_CASE("batches do not depend on the number of threads and their timing") {
  test::MemorySplit quick(50, 1), slow(50, 1);
  slow.slow = true;
  for (const int64_t per_user : {0, 4}) {
    LoaderOptions options = three_epochs(17, per_user);
    const torch::Tensor expected = load(quick, options).all();
    for (const int64_t threads : {3, 0}) {
      options.threads = threads;
      for (const int64_t ahead : {4, 1}) {
        options.ahead = ahead;
        CHECK(torch::equal(load(slow, options).all(), expected));
      }
    }
  }
}

TEST_CASE("a loader that starts at a later step gives what the first one would have given there") {
  const test::MemorySplit split(50, 1);
  for (const int64_t window : {50, 17, 1}) {
    for (const int64_t per_user : {0, 4}) {
      LoaderOptions options = three_epochs(window, per_user);
      const Loaded whole = load(split, options);
      CHECK(whole.sizes ==
            std::vector<int64_t>{8, 8, 8, 8, 8, 8, 2, 8, 8, 8, 8, 8, 8, 2, 8, 8, 8, 8, 8, 8, 2});
      for (options.first_step = 0; options.first_step <= 21; ++options.first_step) {
        const Loaded rest = load(split, options);
        REQUIRE(rest.rows.size() == static_cast<size_t>(21 - options.first_step));
        for (size_t i = 0; i < rest.rows.size(); ++i)
          CHECK(torch::equal(rest.rows[i], whole.rows[i + static_cast<size_t>(options.first_step)]));
      }
    }
  }
}

TEST_CASE("each epoch visits every impression once, in another order, grouped by user or not") {
  // One field, the impression's number over 4: the user.
  Schema schema;
  schema.fields.resize(2);
  schema.fields[0].side = Side::user;
  Batch all;
  all.size = 40;
  all.click.resize(40);
  all.conversion.resize(40);
  for (int32_t i = 0; i < 40; ++i) {
    all.bags.push(100 + i % 10);
    all.bags.close_bag();
    all.bags.push(i);
    all.bags.close_bag();
  }
  const test::BatchSplit split(schema, all);
  for (const int64_t per_user : {0, 4}) {
    const Loaded loaded =
        load(split, {.batch_size = 40, .last_step = 2, .shuffle = true, .impressions_per_user = per_user});
    const auto impressions = [&](size_t epoch) { return loaded.rows[epoch].view({40, 2}).select(1, 1); };
    CHECK_FALSE(torch::equal(impressions(0), impressions(1)));
    for (const size_t epoch : {0, 1})
      CHECK(torch::equal(std::get<0>(impressions(epoch).sort()), torch::arange(40, torch::kInt)));
    const torch::Tensor users = loaded.rows[0].view({40, 2}).select(1, 0);
    const auto changes = (users.slice(0, 1) != users.slice(0, 0, -1)).sum().item<int64_t>();
    CHECK((per_user == 0 ? changes > 20 : changes == 9));
  }
}

TEST_CASE("users apart are the users of the same batches with all fields together") {
  const test::MemorySplit split(50, 1);
  LoaderOptions options = three_epochs(17, 4);
  Loader flat(split, options, kCpu);
  options.users_apart = true;
  Loader apart(split, options, kCpu);
  const auto user_of =
      [](const TensorBatch& batch) {  // of each impression in a batch with all fields together
        return batch.bags.rows.index_select(0, batch.bags.offsets.slice(0, 0, -1, kFields));
      };
  int64_t users = 0;
  while (const auto batch = apart.next()) {
    const auto together = flat.next();
    CHECK(torch::equal(batch->users->bags.rows.index_select(0, batch->users->of), user_of(*together)));
    CHECK(torch::equal(batch->click, together->click));
    CHECK(batch->bags.rows.numel() + batch->size == together->bags.rows.numel());
    users += batch->users->bags.rows.numel();
  }
  CHECK(users < 120);  // of 150: 50 impressions of 20 users, in windows of 17
}

TEST_CASE("what goes wrong in the loader's thread reaches the consumer after the good batches") {
  test::MemorySplit split(50, 1);
  split.fail_after = 2;
  Loader loader(split, {.batch_size = 8, .last_step = 7}, kCpu);
  CHECK(loader.next());
  CHECK(loader.next());
  CHECK_THROWS_WITH(loader.next(), Catch::Contains("the shard is gone"));
}

TEST_CASE("a loader that is left early ends its thread, and works no more than a few batches ahead") {
  const test::MemorySplit split(50, 1);
  {
    Loader loader(split, {.batch_size = 1, .last_step = 1000, .ahead = 3}, kCpu);
    CHECK(loader.next());
  }
  CHECK(split.gathers <= 4);
}

TEST_CASE("a batch says what its ids were checked against, so that a step does not go over them again") {
  const test::MemorySplit split(10, 1);
  Loader loader(split, {.batch_size = 10, .last_step = 1}, kCpu);
  CHECK(loader.next()->bags.checked_rows == split.table_rows());
}

TEST_CASE("a loader that cannot start all of its threads ends those that it has started") {
  const test::MemorySplit split(50, 1);
  const test::FewThreads few;
  CHECK_THROWS_AS(Loader(split, {.batch_size = 8, .last_step = 7, .threads = 20}, kCpu), std::system_error);
}

}  // namespace
}  // namespace esmm::train
