#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {

// Ali-CCP's own text layout (Tianchi data set 408): no header, comma-separated columns, line ends \n or \r\n.
//   skeleton: sample_id,click,conversion,common_index,n_features,features
//   common:   common_index,n_features,features
//   features: joined by 0x01, each field_id 0x02 feature_id 0x03 value, in any order; a field may repeat
// Readers give the columns before n_features by these names, "<field id>": the feature ids of a field in the
// order of the line, and "<field id>__weights": their values. A field that a row does not have is a row
// without values. Reasons: wrong column count, truncated feature, bad number, feature count differs, empty
// line, not UTF-8, line longer than 4 MiB.
std::unique_ptr<RawReader> ali_ccp_skeleton_reader(const std::vector<std::filesystem::path>& files,
                                                   const std::vector<std::string>& columns);

// The same for common-features files.
std::unique_ptr<RawReader> ali_ccp_common_reader(const std::vector<std::filesystem::path>& files,
                                                 const std::vector<std::string>& columns);

}  // namespace esmm::data
