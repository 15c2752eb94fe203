#include "esmm/data/prepare/new_layout.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace esmm::data {
namespace {

std::string safe_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c) && c != '-' && c != '_'; },
      '_');
  return name;
}

std::vector<int64_t> fields_of(const PlacePlan& place) {
  std::vector<int64_t> fields;
  for (const PlacedField& placed : place.fields) fields.push_back(placed.field);
  return fields;
}

}  // namespace

DatasetLayout new_layout(const DataConfig& config, const RawPlan& plan, const Schema& schema,
                         std::string yaml) {
  DatasetLayout layout;
  layout.info.schema = schema;
  layout.info.has_truth = plan.p_ctr.has_value();
  layout.info.has_click_weight = plan.click_weight.has_value();
  layout.info.has_conversion_weight = plan.conversion_weight.has_value();
  layout.info.group_by = config.group_by;
  layout.info.id = config.id;
  layout.info.config = std::move(yaml);
  layout.fields = fields_of(plan.impressions);
  for (const TablePlan& table : plan.tables) {
    if (table.fields.empty()) continue;
    layout.tables.push_back({table.name,
                             fmt::format("tables/{}-{}.arrow", layout.tables.size(), safe_name(table.name)),
                             fields_of(table)});
  }
  return layout;
}

}  // namespace esmm::data
