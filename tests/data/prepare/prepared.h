#pragma once

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "esmm/config/config.h"
#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/dataset.h"
#include "esmm/data/prepare/prepare.h"
#include "esmm/features/field_encoder.h"
#include "tests/data/raw/raw_rows.h"
#include "tests/support/temporary_folder.h"

namespace esmm::test {

// Raw files and a config in a folder of their own, prepared into `out`.
struct Workshop {
  TemporaryFolder folder;

  void write(const std::string& name, const std::string& text) const { write_file(folder / name, text); }

  // data: keys of section data but path, in YAML's flow or block style, two spaces deep.
  Config config(const std::string& data) const {
    return parse_config("data:\n  path: out\n" + data + "model: {method: esmm}\ntrain: {run: run}\n",
                        "test.yaml", folder.path());
  }
  data::PrepareReport prepare(const std::string& data, const data::PrepareOptions& options = {}) const {
    return data::prepare(config(data), out(), options);
  }
  std::filesystem::path out() const { return folder / "out"; }
};

// Everything of a split, in order.
inline Batch whole(const data::Split& split) {
  std::vector<int64_t> all(static_cast<size_t>(split.size()));
  std::iota(all.begin(), all.end(), 0);
  Batch batch;
  split.gather(all, batch);
  return batch;
}

// Rows of one bag.
inline std::vector<int32_t> bag(const Batch& batch, int64_t impression, int64_t field, int64_t fields) {
  const int64_t at = impression * fields + field;
  return {batch.bags.ids.begin() + batch.bags.offsets[at],
          batch.bags.ids.begin() + batch.bags.offsets[at + 1]};
}

// Table row of a field's text in a data set.
inline int32_t row_of(const data::Dataset& dataset, const std::string& field, const std::string& text) {
  const Schema& schema = dataset.info().schema;
  const int64_t f = schema.index_of(field);
  return dataset.vocabulary().row_of(feature_key(text, schema.seed_of(f)), f);
}

inline int32_t unknown_row(const data::Dataset& dataset, const std::string& field) {
  const Schema& schema = dataset.info().schema;
  return static_cast<int32_t>(dataset.info().table_rows - schema.size() + schema.index_of(field));
}

// Lines of the errors that an action ends with.
template <class Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// All files below a folder with their bytes.
inline std::vector<std::pair<std::string, std::string>> bytes_of(const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      files.emplace_back(std::filesystem::relative(entry.path(), folder).string(), read_file(entry.path()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace esmm::test
