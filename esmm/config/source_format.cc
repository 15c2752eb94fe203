#include "esmm/config/source_format.h"

namespace esmm {
namespace {

bool is_tsv(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  return name.ends_with(".tsv") || name.ends_with(".tsv.gz");
}

}  // namespace

std::optional<SourceFormat> format_by_name(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  if (name.ends_with(".csv") || name.ends_with(".csv.gz") || is_tsv(file)) return SourceFormat::csv;
  if (name.ends_with(".parquet")) return SourceFormat::parquet;
  return std::nullopt;
}

std::string delimiter_of(const SourceConfig& source, const std::filesystem::path& file) {
  if (!source.delimiter.empty()) return source.delimiter;
  return is_tsv(file) ? "\t" : ",";
}

}  // namespace esmm
