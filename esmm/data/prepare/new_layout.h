#pragma once

#include <string>

#include "esmm/config/data_config.h"
#include "esmm/data/dataset_layout.h"
#include "esmm/data/prepare/column_plan.h"

namespace esmm::data {

// Of a data set that is to be made: without splits, shards and what only reading the logs tells. yaml: the
// resolved config. Its tables are those of the plan that have fields, in order.
DatasetLayout new_layout(const DataConfig& config, const RawPlan& plan, const Schema& schema,
                         std::string yaml);

}  // namespace esmm::data
