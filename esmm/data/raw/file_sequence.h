#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {

// Reads files one after the other; each is opened when its turn comes.
class FileSequence : public RawReader {
 public:
  using Open = std::function<std::unique_ptr<RawReader>(const std::filesystem::path&)>;

  FileSequence(std::vector<std::filesystem::path> files, Open open)
      : files_(std::move(files)), open_(std::move(open)) {}

  bool next(RawTask& task) override {
    for (;;) {
      if (present_ != nullptr && present_->next(task)) return true;
      if (place_ == files_.size()) return false;
      present_ = open_(files_[place_++]);
    }
  }

 private:
  std::vector<std::filesystem::path> files_;
  Open open_;
  size_t place_ = 0;
  std::unique_ptr<RawReader> present_;
};

}  // namespace esmm::data
