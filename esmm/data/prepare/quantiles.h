#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "esmm/config/data_config.h"
#include "esmm/data/prepare/column_plan.h"
#include "esmm/data/prepare/prepare_options.h"
#include "esmm/features/schema.h"

namespace esmm::data {

// Fits the edges of every field with quantile buckets on training impressions: one pass over the raw logs,
// none where no field needs it. A joined row counts once per training impression that joins it. folder:
// exists, for numbers that memory does not hold. bytes: of all files, for the progress.
void fit_quantiles(const DataConfig& config, const RawPlan& plan, const std::filesystem::path& folder,
                   const PrepareOptions& options, size_t threads, int64_t bytes, Schema& schema);

}  // namespace esmm::data
