#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "esmm/config/data_config.h"
#include "esmm/features/schema.h"

namespace esmm::data {

// A column of one place: as read, or derived from another column of that place.
struct ColumnRef {
  bool derived = false;
  size_t index = 0;
};

struct DerivedColumn {
  DerivedConfig config;
  ColumnRef input;
};

// A single value that an impression wants: a column of its own, or one that a joined table keeps.
struct ValueRef {
  int64_t table = -1;  // -1: the impression's own
  ColumnRef column;    // its own
  size_t kept = 0;     // place among the table's kept columns
};

// One side of a crossed field: the canonical text of another field.
struct Operand {
  int64_t field = 0;
  ValueRef value;
};

// A field, made where its columns are.
struct PlacedField {
  int64_t field = 0;
  ColumnRef column;
  std::optional<ColumnRef> weights;
  std::array<Operand, 2> operands;  // crossed fields: instead of the columns
};

// What is read at one place: the impressions, or a joined table.
struct PlacePlan {
  std::vector<std::string> raw;  // columns asked of the reader
  // Those of them that are to have one value: all but what multi fields alone read.
  std::vector<size_t> single;
  std::vector<DerivedColumn> derived;  // each may use those before it
  std::vector<PlacedField> fields;     // made here, in field order
};

// What of a table's row an impression needs beside its fields.
struct KeptColumn {
  enum class Kind { text, number, canonical } kind = Kind::text;
  ColumnRef column;
  int64_t field = 0;  // canonical: whose text
};

struct TablePlan : PlacePlan {
  std::string name;
  std::vector<SourceConfig> sources;  // one; common features: one per source of impressions
  bool common = false;                // Ali-CCP's common features: keys count within their source
  bool required = false;
  bool used = true;  // false: nothing of it is wanted (when scoring)
  ColumnRef key;     // column of the impressions
  ColumnRef right_key;
  std::vector<KeptColumn> kept;
};

// Which column is read where, and what is made of it. An impression column wins over a joined one of the same
// name.
struct RawPlan {
  std::vector<SourceConfig> sources;  // of impressions, in order
  PlacePlan impressions;
  std::vector<TablePlan> tables;  // in the order of the joins, common features last
  std::optional<ValueRef> click, conversion, split, id, group, p_ctr, p_cvr, click_weight, conversion_weight;

  PlacePlan& place(int64_t at) { return at < 0 ? impressions : tables[at]; }  // -1: the impressions
};

// Finds every column that the config names. labels: false, for scoring, leaves out labels, weights, split,
// group and truth, and joined sources that only those need. Throws ConfigError with every missing file, and
// every column that no source has or that two have. A source of format ali_ccp has any column; there a field
// with side: user is one of the common features, any other is the skeleton's.
RawPlan plan_columns(const DataConfig& config, const std::vector<Field>& fields, bool labels);

}  // namespace esmm::data
