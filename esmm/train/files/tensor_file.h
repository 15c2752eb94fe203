#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace esmm::train {

// Tensors by name, in the order of their names.
using NamedTensors = std::map<std::string, torch::Tensor>;

// A text and tensors in one file (LibTorch's archive format).
struct TensorFile {
  std::string text;
  NamedTensors tensors;
  int64_t digest = 0;  // of all of it, where it was read: files with another hold something else
};

// Tensors may be on any device: the file is the same. Written next to `path` and renamed: a reader sees the
// old file or the new. Throws Error.
void write_tensor_file(const std::filesystem::path& path, const TensorFile& content);

// On the CPU. Throws Error where the file is missing or damaged.
TensorFile read_tensor_file(const std::filesystem::path& path);

// The digest alone; LibTorch reads all of the file for it. Throws as read_tensor_file, but does not compare
// it with what the file holds.
int64_t read_digest(const std::filesystem::path& path);

// Copies values into `to`, whose tensors may be on any device. Throws Error naming `where` unless names,
// shapes and dtypes agree.
void copy_tensors(const NamedTensors& from, const NamedTensors& to, const std::string& where);

}  // namespace esmm::train
