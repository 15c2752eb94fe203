#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "esmm/data/dataset_layout.h"
#include "esmm/data/mapped_rows.h"

namespace esmm::data {

// Where a data set keeps each field: with the impressions (home 0), or in joined table h - 1 (home h).
class FieldHomes {
 public:
  explicit FieldHomes(const DatasetLayout& layout);

  // The wanted fields as runs, by home.
  struct Runs {
    std::vector<std::vector<FieldRun>> of_home;
    size_t pieces = 0;  // runs of all homes
  };
  Runs runs(std::span<const int64_t> fields) const;

  // Joined tables that hold some of the fields.
  std::vector<size_t> tables_among(std::span<const int64_t> fields) const;
  // Those of the fields that are kept with the impressions.
  std::vector<int64_t> own_among(std::span<const int64_t> fields) const;

 private:
  struct Home {
    size_t home = 0, place = 0;  // place: among the home's fields
    bool weighted = false;
  };
  std::vector<Home> homes_;  // per field
  size_t count_;
};

}  // namespace esmm::data
