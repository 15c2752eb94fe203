#pragma once

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/json/from_string.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/writer.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace esmm::test {

using ParquetColumns = std::vector<std::pair<std::string, std::shared_ptr<arrow::Array>>>;

inline std::shared_ptr<arrow::Array> array(const std::shared_ptr<arrow::DataType>& type,
                                           const std::string& json) {
  return arrow::json::ArrayFromJSONString(type, json).ValueOrDie();
}

// row_group_rows: rows per row group. The Arrow types are kept in the file.
inline void write_parquet(const std::filesystem::path& path, const ParquetColumns& columns,
                          int64_t row_group_rows = 1000) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const auto& [name, values] : columns) {
    fields.push_back(arrow::field(name, values->type()));
    arrays.push_back(values);
  }
  const auto out = arrow::io::FileOutputStream::Open(path.string()).ValueOrDie();
  const auto properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  const arrow::Status status = parquet::arrow::WriteTable(*arrow::Table::Make(arrow::schema(fields), arrays),
                                                          arrow::default_memory_pool(), out, row_group_rows,
                                                          parquet::default_writer_properties(), properties);
  REQUIRE(status.ok());
  REQUIRE(out->Close().ok());
}

}  // namespace esmm::test
