#include "esmm/export/parity.h"

#include "esmm/core/log.h"
#include "esmm/export/sample_bags.h"
#include "esmm/features/field_group.h"
#include "esmm/features/vocabulary.h"
#include "esmm/model/tensor_batch.h"
#include "esmm/predict/predictor.h"

#include <torch/script.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace esmm::exporting {
namespace {

constexpr int64_t kSampled = 512;
constexpr int64_t kImpressions = 10'000;
constexpr int64_t kBatch = 2'000;
constexpr double kRounding = 0x1p-22;  // of probabilities

using Columns = std::array<torch::Tensor, 3>;  // pctr, pcvr, pctcvr; each [B]

Vocabulary vocabulary_of(const train::Run& run) {
  if (run.schema.mode == VocabularyMode::hashed)
    return Vocabulary::hashed(run.schema.hash_bits, run.schema.size());
  return {run.vocabulary, run.schema.size()};
}

template <class T>
torch::Tensor tensor_of(const std::vector<T>& numbers) {
  return torch::tensor(numbers, c10::CppTypeToScalarType<T>::value);
}

// How far b is from the range from low to high.
double difference(const Columns& low, const Columns& high, const Columns& b) {
  double largest = 0;
  for (size_t k = 0; k < b.size(); ++k) {
    if (b[k].numel() == 0) continue;
    const auto numbers = [k](const Columns& columns) { return columns[k].to(torch::kDouble); };
    const double column =
        torch::maximum(numbers(low) - numbers(b), numbers(b) - numbers(high)).max().item<double>();
    largest = std::isnan(column) ? std::numeric_limits<double>::infinity() : std::max(largest, column);
  }
  return largest;
}

torch::Tensor mapped(const calibration::Map& map, const torch::Tensor& p, double shift) {
  torch::Tensor result = (p.to(torch::kDouble) + shift).clamp(0, 1);
  for (double& value : std::span(result.mutable_data_ptr<double>(), static_cast<size_t>(result.numel())))
    value = map(value);
  return result.to(torch::kFloat);
}

// The trained model and two ways to run its file.
class Comparison {
 public:
  Comparison(const train::Run& run, const std::filesystem::path& file)
      : run_(run), module_(torch::jit::load(file.string(), torch::kCPU)), predictor_(file, {.threads = 0}) {}

  // rows and keys are the same impressions.
  void add(Batch batch, const KeyBags& keys) {
    batch.click.resize(static_cast<size_t>(batch.size));
    batch.conversion.resize(static_cast<size_t>(batch.size));
    const Probabilities raw = probabilities(batch);
    const Columns trained = calibrated(raw, 0), low = calibrated(raw, -kRounding),
                  high = calibrated(raw, kRounding);
    for (const Columns& scores : {score_module(keys), score_predictor(keys)}) {
      parity_.largest_difference = std::max(parity_.largest_difference, difference(trained, trained, scores));
      parity_.unexplained_difference =
          std::max(parity_.unexplained_difference, difference(low, high, scores));
    }
    parity_.rows += batch.size;
  }

  const Parity& parity() const { return parity_; }

 private:
  Probabilities probabilities(const Batch& batch) const {
    const torch::NoGradGuard no_gradients;
    return run_.model->probabilities(run_.model->forward(to_tensors(batch, all_fields(run_.schema).pooling)));
  }

  // shift: of probabilities before calibration, where there is one.
  Columns calibrated(const Probabilities& p, double shift) const {
    if (run_.calibration.does_nothing()) return {p.ctr, p.cvr, p.ctcvr};
    const torch::Tensor ctr = mapped(run_.calibration.ctr, p.ctr, shift),
                        cvr = mapped(run_.calibration.cvr, p.cvr, shift);
    return {ctr, cvr, ctr * cvr};
  }

  Columns score_module(const KeyBags& keys) {
    const torch::NoGradGuard no_gradients;
    torch::jit::IValue weights;
    if (!keys.weights.empty()) weights = tensor_of(keys.weights);
    const auto result = module_.forward({tensor_of(keys.ids), tensor_of(keys.offsets), weights}).toTuple();
    return {result->elements()[0].toTensor(), result->elements()[1].toTensor(),
            result->elements()[2].toTensor()};
  }

  Columns score_predictor(const KeyBags& keys) const {
    const Prediction p = predictor_.score(keys);
    return {tensor_of(p.p_ctr), tensor_of(p.p_cvr), tensor_of(p.p_ctcvr)};
  }

  const train::Run& run_;
  torch::jit::Module module_;
  Predictor predictor_;
  Parity parity_;
};

void compare_samples(const train::Run& run, Comparison& comparison) {
  const KeyBags keys = sample_keys(run.schema, run.vocabulary, kSampled, /*seed=*/1);
  Batch batch;
  batch.size = kSampled;
  batch.bags = vocabulary_of(run).rows_of(keys);
  comparison.add(std::move(batch), keys);
}

// The run's data set, where its rows are those of the run's model. Else says in the log why it is left out.
std::optional<data::Dataset> dataset_of(const train::Run& run) {
  const std::filesystem::path& folder = run.config.data.path;
  const auto left_out = [&](std::string_view why) {
    log::info("checking the exported file on made-up impressions alone: the data set {} {}", folder.string(),
              why);
    return std::nullopt;
  };
  if (!std::filesystem::exists(folder / "dataset.json")) return left_out("is not there");
  data::Dataset dataset(folder);
  const data::DatasetInfo& info = dataset.info();
  if (info.table_rows != run.table_rows || schema_to_json(info.schema) != schema_to_json(run.schema))
    return left_out("was prepared again since the training, with other fields or another vocabulary");
  return dataset;
}

void compare_impressions(const train::Run& run, const data::Split& split, Comparison& comparison) {
  const int64_t count = std::min(split.size(), kImpressions);
  for (int64_t begin = 0; begin < count; begin += kBatch) {
    std::vector<int64_t> places(static_cast<size_t>(std::min(kBatch, count - begin)));
    for (size_t i = 0; i < places.size(); ++i) {  // spread over the split
      places[i] = (begin + static_cast<int64_t>(i)) * split.size() / count;
    }
    Batch batch;
    split.gather(places, batch);
    const KeyBags keys = keys_of(batch.bags, run.schema, run.vocabulary);
    comparison.add(std::move(batch), keys);
  }
}

}  // namespace

Parity compare_with_file(const train::Run& run, const std::filesystem::path& file) {
  Comparison comparison(run, file);
  compare_samples(run, comparison);
  if (const auto dataset = dataset_of(run)) compare_impressions(run, dataset->split("test"), comparison);
  return comparison.parity();
}

}  // namespace esmm::exporting
