#include "apps/bench/data_bench.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/data/dataloader.h>
#include <torch/data/datasets/base.h>
#include <torch/data/datasets/map.h>
#include <torch/data/samplers/random.h>
#include <torch/data/transforms/stack.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "apps/bench/anonymous_memory.h"
#include "apps/bench/data_files.h"
#include "esmm/core/random.h"
#include "esmm/train/batches/loader.h"
#include "esmm/train/learner.h"
#include "esmm/train/trainer.h"

namespace esmm::bench {
namespace {

constexpr int64_t kStockImpressions = int64_t{1} << 16;  // that the stock loader and the limit hold in memory

std::vector<BatchShape> shapes_for(const DataBench& options) {
  BatchShape one_id{.name = "ids25", .size = options.batch_size, .table_rows = options.table_rows};
  BatchShape lists = one_id;
  lists.name = "ids500";
  lists.user_ids = 24;
  lists.item_ids = 4;
  one_id.impressions_of_a_user = lists.impressions_of_a_user =
      std::max<int64_t>(1, options.impressions_per_user);
  return {one_id, lists};
}

train::LoaderOptions loader_options(const DataBench& options, int64_t impressions) {
  const int64_t steps_per_epoch = (impressions + options.batch_size - 1) / options.batch_size;
  return {.batch_size = options.batch_size,
          .last_step = steps_per_epoch * 1'000'000,  // as many epochs as are asked for
          .shuffle = true,
          .seed = 1,
          .window = options.window,
          .impressions_per_user = options.impressions_per_user,
          .users_apart = options.impressions_per_user > 0,
          .threads = options.loader_threads};
}

// A tensor of ids as torch::data has it: an example is a row.
class StockExamples : public torch::data::datasets::Dataset<StockExamples> {
 public:
  explicit StockExamples(torch::Tensor ids) : ids_(std::move(ids)) {}
  torch::data::Example<> get(size_t place) override {
    const auto row = static_cast<int64_t>(place);
    return {ids_[row], click_[row]};
  }
  std::optional<size_t> size() const override { return static_cast<size_t>(ids_.size(0)); }

 private:
  torch::Tensor ids_, click_ = torch::zeros({ids_.size(0)});
};

// A loader over a data set of its own: where both are gone, nothing of the files is mapped.
struct Feed {
  data::Dataset dataset;
  train::Loader loader;
  Feed(const DataFiles& files, const DataBench& options, const torch::Device& device)
      : dataset(files.folder()),
        loader(dataset.split("train"), loader_options(options, dataset.split("train").size()), device) {}
};

// The same from a split that is kept in the device's memory.
struct ResidentFeed {
  data::Dataset dataset;
  train::ResidentSplit split;
  std::optional<train::Loader> loader;
  ResidentFeed(const DataFiles& files, const DataBench& options, const torch::Device& device)
      : dataset(files.folder()), split(dataset.split("train"), options.impressions_per_user > 0) {
    split.load(device);
    loader.emplace(train::resident_source(split, device), loader_options(options, split.size()));
  }
};

class DataCase {
 public:
  DataCase(const BatchShape& shape, const DataBench& options)
      : shape_(shape),
        options_(options),
        device_(train::select_device(options.device)),
        files_(options.folder, shape, options.gigabytes * 1e9) {
    const data::Dataset dataset(files_.folder());
    schema_ = dataset.info().schema;
    impressions_ = dataset.split("train").size();
  }

  std::vector<Row> loader_race() {
    const int64_t count = std::min(kStockImpressions, impressions_);
    const torch::Tensor ids = torch::zeros({count, shape_.ids()}, torch::kInt);
    auto stock = torch::data::make_data_loader(
        StockExamples(ids).map(torch::data::transforms::Stack<>()),
        torch::data::samplers::RandomSampler(count),
        torch::data::DataLoaderOptions(static_cast<size_t>(shape_.size))
            .workers(static_cast<size_t>(std::max<int64_t>(1, options_.loader_threads))));
    auto next = stock->begin();
    Feed feed(files_, options_, torch::kCPU);
    train::Loader& loader = feed.loader;
    for (int64_t step = 0; step < impressions_ / shape_.size; ++step) loader.next();  // warms the page cache
    Random random(1);
    return race(shape_.name + "_loader", shape_.size * options_.steps, options_.rounds,
                {{.name = "esmm::train::Loader", .run = [&] { each_step([&] { loader.next(); }); }},
                 {.name = "torch::data::DataLoader",
                  .role = Role::stock,
                  .run =
                      [&] {
                        each_step([&] {
                          if (++next == stock->end()) next = stock->begin();
                        });
                      }},
                 {.name = "one copy an impression", .role = Role::limit, .run = [&] {
                    each_step([&] { copy_batch(ids, random); });
                  }}});
  }

  std::vector<Row> train_race() {
    TrainConfig config;
    config.table.name = TableOptimizer::rowwise_adagrad;
    const std::shared_ptr<Method> model =
        make_method({}, {.table_rows = shape_.table_rows, .schema = schema_}, 1);
    model->to(device_);
    train::Learner learner(model, config);
    int64_t step = 0;
    const auto train_on = [&](const TensorBatch& batch) { learner.step(batch, step++, /*factor=*/1.0); };
    std::optional<Feed> feed;
    std::optional<ResidentFeed> resident;
    const auto stop_feeding = [&] {  // nothing of the files is mapped any more
      feed.reset();
      resident.reset();
    };
    const auto restart = [&] {
      stop_feeding();
      feed.emplace(files_, options_, device_);
      train_on(*feed->loader.next());
    };
    const auto restart_from_disk = [&] {
      stop_feeding();
      files_.evict();
      restart();
    };
    const auto train_from = [&](const auto& next) {
      each_step([&] { train_on(next()); });
      train::wait_for(device_);
    };
    const auto train_fed = [&] { train_from([&] { return *feed->loader.next(); }); };
    restart_from_disk();
    {
      const AnonymousMemoryPeak peak;
      train_fed();
      from_disk_ = peak.bytes();
    }
    std::vector<TensorBatch> held;
    for (int64_t i = 0; i < options_.batches; ++i) held.push_back(*feed->loader.next());
    size_t place = 0;
    std::vector<System> systems{{.name = "fed from disk", .run = train_fed, .prepare = restart_from_disk},
                                {.name = "fed from the page cache", .run = train_fed, .prepare = restart},
                                {.name = "batches held in memory",
                                 .role = Role::limit,
                                 .run = [&] { train_from([&] { return held[place++ % held.size()]; }); },
                                 .prepare = stop_feeding}};
    if (options_.resident) {
      systems.push_back({.name = "data.placement: device",
                         .run = [&] { train_from([&] { return *resident->loader->next(); }); },
                         .prepare =
                             [&] {
                               stop_feeding();
                               resident.emplace(files_, options_, device_);
                               train_on(*resident->loader->next());
                             }});
    }
    return race(shape_.name + "_train", shape_.size * options_.steps, options_.rounds, systems);
  }

  std::string note() const {
    const double table = static_cast<double>(shape_.table_rows) * (16 + 1) * sizeof(float);
    return fmt::format(
        "{}: {} impressions; anonymous memory of training from disk {:.0f} MiB, of which table and "
        "optimiser state {:.0f} MiB",
        shape_.name, impressions_, static_cast<double>(from_disk_) / (1 << 20), table / (1 << 20));
  }

 private:
  template <class DoStep>
  void each_step(const DoStep& do_step) const {
    for (int64_t i = 0; i < options_.steps; ++i) do_step();
  }

  // The least that a loader can do: rows in a random order, copied to new memory.
  void copy_batch(const torch::Tensor& ids, Random& random) const {
    const torch::Tensor batch = torch::empty({shape_.size, shape_.ids()}, torch::kInt);
    const auto* from = ids.const_data_ptr<int32_t>();
    auto* to = batch.mutable_data_ptr<int32_t>();
    for (int64_t b = 0; b < shape_.size; ++b) {
      const auto row = static_cast<int64_t>(random.below(static_cast<uint64_t>(ids.size(0))));
      std::memcpy(to + b * shape_.ids(), from + row * shape_.ids(),
                  static_cast<size_t>(shape_.ids()) * sizeof(int32_t));
    }
  }

  BatchShape shape_;
  const DataBench& options_;
  torch::Device device_;
  DataFiles files_;
  Schema schema_;
  int64_t impressions_ = 0;
  int64_t from_disk_ = 0;
};

}  // namespace

std::vector<std::string> data_cases() {
  std::vector<std::string> names;
  for (const BatchShape& shape : shapes_for({})) names.push_back(shape.name);
  return names;
}

DataResult bench_data(const DataBench& options) {
  at::set_num_threads(options.threads);
  DataResult result;
  for (const BatchShape& shape : shapes_for(options)) {
    const std::vector<std::string>& chosen = options.cases;
    if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), shape.name) == chosen.end()) continue;
    DataCase of(shape, options);
    for (const auto& rows : {of.loader_race(), of.train_race()})
      result.rows.insert(result.rows.end(), rows.begin(), rows.end());
    result.notes.push_back(of.note());
  }
  return result;
}

}  // namespace esmm::bench
