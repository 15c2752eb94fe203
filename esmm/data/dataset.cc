#include "esmm/data/dataset.h"

#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/core/nearest.h"
#include "esmm/data/dataset_json.h"
#include "esmm/data/mapped_split.h"
#include "esmm/data/vocabulary_file.h"
#include "esmm/features/field_group.h"

namespace esmm::data {
namespace fs = std::filesystem;

void Split::gather(std::span<const int64_t> impressions, Batch& batch) const {
  const FieldGroup group = all_fields(schema());
  const auto or_null = [](std::vector<float>& values) { return values.empty() ? nullptr : values.data(); };
  RowBags& bags = batch.bags;
  batch.size = static_cast<int64_t>(impressions.size());
  bags.offsets.assign(impressions.size() * group.fields.size() + 1, 0);
  const std::span ends = std::span(bags.offsets).subspan(1);
  std::vector<StoredIds> pieces;
  find_bags(impressions, group.fields, ends, pieces);
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  bags.ids.resize(static_cast<size_t>(bags.offsets.back()));
  bags.weights.resize(group.weighted ? bags.ids.size() : 0);
  copy_ids(pieces, bags.ids.data(), or_null(bags.weights));
  batch.click.resize(impressions.size());
  batch.conversion.resize(impressions.size());
  batch.click_weight.resize(has_click_weight() ? impressions.size() : 0);
  batch.conversion_weight.resize(has_conversion_weight() ? impressions.size() : 0);
  copy_labels(impressions, {.click = batch.click.data(),
                            .conversion = batch.conversion.data(),
                            .click_weight = or_null(batch.click_weight),
                            .conversion_weight = or_null(batch.conversion_weight)});
}

Dataset::Dataset(const fs::path& folder) : folder_(folder) {
  const fs::path file = folder / "dataset.json";
  if (!fs::exists(file)) {
    throw Error({.what = "is no data set",
                 .where = folder.string(),
                 .got = fs::exists(folder) ? "no dataset.json in it" : "no such folder",
                 .hint = "run esmm prepare, or check the path"});
  }
  DatasetLayout layout = layout_from_json(read_file(file), file.string());
  const MappedTables tables = map_tables(folder, layout);
  for (const auto& [name, counts] : layout.info.splits)
    splits_[name] = map_split(folder, layout, name, tables);
  info_ = std::move(layout.info);
}

bool Dataset::has(const std::string& split) const { return splits_.contains(split); }

const Split& Dataset::split(const std::string& name) const {
  const auto found = splits_.find(name);
  if (found != splits_.end()) return *found->second;
  std::vector<std::string> names;
  for (const auto& [split, counts] : info_.splits) names.push_back(split);
  throw Error({.what = fmt::format("has no split {}", name),
               .where = folder_.string(),
               .expected = fmt::format("{}", fmt::join(names, " or ")),
               .hint = "name one of these"});
}

Vocabulary Dataset::vocabulary() const {
  if (info_.schema.mode == VocabularyMode::hashed)
    return Vocabulary::hashed(info_.schema.hash_bits, info_.schema.size());
  const fs::path file = folder_ / "vocabulary.arrow";
  Vocabulary vocabulary(read_vocabulary(file), info_.schema.size());
  if (vocabulary.table_rows() == info_.table_rows) return vocabulary;
  throw Error({.what = "has another number of keys than dataset.json says",
               .where = file.string(),
               .expected = fmt::format("{}", info_.table_rows - info_.schema.size()),
               .got = fmt::format("{}", vocabulary.keys().size()),
               .hint = "prepare the data set again"});
}

}  // namespace esmm::data
