#pragma once

#include <filesystem>

#include "apps/bench/train_batches.h"

namespace esmm::bench {

// A prepared data set of at least so many bytes below a new folder, removed with the object. Its training
// split repeats some drawn impressions, fields of one id being single-valued; it has nothing else.
class DataFiles {
 public:
  DataFiles(const std::filesystem::path& below, const BatchShape& shape, double bytes);
  ~DataFiles();
  DataFiles(const DataFiles&) = delete;
  DataFiles& operator=(const DataFiles&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  // Takes what no process has mapped out of the page cache.
  void evict() const;

 private:
  std::filesystem::path folder_;
};

}  // namespace esmm::bench
