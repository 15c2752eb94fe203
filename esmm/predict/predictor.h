#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "esmm/features/bags.h"
#include "esmm/features/field_encoder.h"
#include "esmm/features/schema.h"

namespace esmm {

struct PredictorOptions {
  int threads = 1;  // intra-op threads of the whole process; 0: leave as they are
};

// Probabilities of B impressions.
struct Prediction {
  std::vector<float> p_ctr, p_cvr, p_ctcvr;
};

// An exported model in another program: raw values or keys in, probabilities out. Thread-safe. This header needs no torch.
class Predictor {
 public:
  // Throws Error where the file is missing or is no exported model.
  explicit Predictor(const std::filesystem::path& file, const PredictorOptions& options = {});
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  const Schema& schema() const;
  // Extra files of the model, as in "config.yaml", "metrics.json", "metadata.json"; "" where there is none.
  const std::string& metadata(const std::string& name) const;

  // keys: B x F bags. Throws Error where bags are not a multiple of F.
  Prediction score(const KeyBags& keys) const;

  // Raw values of B impressions: encode with encoder(), then score().
  const RowEncoder& encoder() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace esmm
