#pragma once

#include "esmm/features/bags.h"
#include "esmm/features/field_encoder.h"
#include "esmm/features/schema.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace esmm {

class Vocabulary;

struct PredictorOptions {
  int threads = 1;  // intra-op threads of the whole process; 0: leave as they are
};

// Probabilities of B impressions.
struct Prediction {
  std::vector<float> p_ctr, p_cvr, p_ctcvr;
};

// An exported model in another program: raw values or keys in, probabilities out. Thread-safe. This header
// needs no torch. Loading one turns off TorchScript's profiling for the whole process: first calls are as
// fast as later ones.
class Predictor {
 public:
  // Throws Error where the file is missing, is no exported model, is of a newer format, or was changed after
  // the export.
  explicit Predictor(const std::filesystem::path& file, const PredictorOptions& options = {});
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  const Schema& schema() const;
  const Vocabulary& vocabulary() const;
  // Extra files of the model: "schema.json", "config.yaml", "evaluation.json", "metadata.json"; "" where
  // there is none.
  const std::string& metadata(const std::string& name) const;

  // keys: B x F bags. Throws Error where bags are not a multiple of F or do not hang together.
  Prediction score(const KeyBags& keys) const;

  // One user against I items, the user's part computed once; the same probabilities as score() of the joined
  // impressions. user: one bag per field with side user; items: I x the other fields; both in schema order.
  // Throws Error where the schema lacks fields of either kind, or bags do not fit.
  Prediction rank(const KeyBags& user, const KeyBags& items) const;

  // Raw values of B impressions: encode with encoder(), then score().
  const RowEncoder& encoder() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace esmm
