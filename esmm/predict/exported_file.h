#pragma once

#include "esmm/features/schema.h"

#include <torch/script.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace esmm::predict {

// The format of exported files that this version writes, and the newest that it reads.
inline constexpr int64_t kFormatVersion = 1;

// Extra files in the archive.
inline constexpr const char* kSchemaFile = "schema.json";
inline constexpr const char* kConfigFile = "config.yaml";
inline constexpr const char* kEvaluationFile = "evaluation.json";  // absent where the run was not evaluated
inline constexpr const char* kMetadataFile = "metadata.json";

// An exported model as it lies in its file (docs/exported-model.md).
struct ExportedFile {
  torch::jit::Module module;  // on the CPU, in eval mode
  Schema schema;
  std::map<std::string, std::string> extras;  // by the names above; "" where absent
};

// Throws Error where the file is missing, is no exported model, is of a newer format, or is not as it was
// written.
ExportedFile read_exported_file(const std::filesystem::path& file);

// SHA-256 of all that decides a score: schema and config (name, length, text), then every parameter and
// buffer of the module (name, type, shape, bytes), in the order of names.
std::string digest_of(const torch::jit::Module& module, const torch::jit::ExtraFilesMap& extras);

}  // namespace esmm::predict
