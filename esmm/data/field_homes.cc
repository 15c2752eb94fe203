#include "esmm/data/field_homes.h"

#include <algorithm>
#include <iterator>

#include "esmm/data/bag_columns.h"

namespace esmm::data {

FieldHomes::FieldHomes(const DatasetLayout& layout)
    : homes_(static_cast<size_t>(layout.info.schema.size())), count_(layout.tables.size() + 1) {
  const auto keep = [&](size_t home, const std::vector<int64_t>& fields) {
    const BagLayout bags(layout.info.schema, fields);
    for (size_t i = 0; i < fields.size(); ++i) homes_[fields[i]] = {home, i, bags.fields[i].weighted};
  };
  keep(0, layout.fields);
  for (size_t t = 0; t < layout.tables.size(); ++t) keep(t + 1, layout.tables[t].fields);
}

FieldHomes::Runs FieldHomes::runs(std::span<const int64_t> fields) const {
  Runs runs{.of_home = std::vector<std::vector<FieldRun>>(count_)};
  for (size_t i = 0; i < fields.size(); ++i) {
    const Home& home = homes_[fields[i]];
    std::vector<FieldRun>& of_home = runs.of_home[home.home];
    const bool goes_on = i > 0 && !of_home.empty() && homes_[fields[i - 1]].home == home.home &&
                         of_home.back().last == home.place && homes_[fields[i - 1]].weighted == home.weighted;
    if (goes_on)
      ++of_home.back().last;
    else
      of_home.push_back({.first = home.place, .last = home.place + 1, .piece = runs.pieces++, .length = i});
  }
  return runs;
}

std::vector<size_t> FieldHomes::tables_among(std::span<const int64_t> fields) const {
  std::vector<size_t> tables;
  for (const int64_t f : fields) {
    if (homes_[f].home > 0) tables.push_back(homes_[f].home - 1);
  }
  std::sort(tables.begin(), tables.end());
  tables.erase(std::unique(tables.begin(), tables.end()), tables.end());
  return tables;
}

std::vector<int64_t> FieldHomes::own_among(std::span<const int64_t> fields) const {
  std::vector<int64_t> own;
  std::copy_if(fields.begin(), fields.end(), std::back_inserter(own),
               [&](int64_t f) { return homes_[f].home == 0; });
  return own;
}

}  // namespace esmm::data
