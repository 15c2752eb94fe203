#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace esmm {

// What a field's raw values are.
enum class FieldKind {
  categorical,  // one value per impression
  multi,        // any number of values: a list column, or text split by a separator
  numeric,      // one number, turned into a bucket
  crossed,      // two other single-valued fields taken together
};

// How a categorical value is read. Ids are text and never inferred.
enum class ValueType {
  string,   // as it stands
  integer,  // canonical decimal: "1.0" and "01" are "1"; anything else is rejected
};

enum class Pooling { sum, mean };

// Whose property a field is. The user's part of a request is computed once for all items. In Ali-CCP's layout
// a user's fields are read from the common features, the others from the skeleton.
enum class Side { user, item, context };

enum class BucketMethod { edges, quantiles, log2 };

// How a number becomes a bucket. A missing number has a bucket of its own (its text is empty).
struct Buckets {
  BucketMethod method = BucketMethod::quantiles;
  std::vector<double>
      edges;           // rising; bucket = how many edges are <= the number. Fitted where method is quantiles.
  int64_t count = 32;  // quantiles: buckets wanted; equal edges fall together
  int64_t steps = 1;   // log2: buckets per doubling; bucket = 0 below 1, else 1 + floor(steps * log2(number))
};

// One input of the model: F of them, in config order.
struct Field {
  std::string name;
  std::string column;  // raw column; empty: the field's name
  FieldKind kind = FieldKind::categorical;
  ValueType type = ValueType::string;
  Side side = Side::context;
  Pooling pooling = Pooling::mean;  // matters for multi alone
  std::string separator;            // multi: cuts texts, not lists; empty: the column is a list
  std::string weights;  // multi: column of per-value weights, a list or text split alike; empty: all 1
  std::string shares;   // name of the field whose keys and table rows this one uses; empty: its own
  std::vector<std::string> cross;  // crossed: the two fields' names
  Buckets buckets;                 // numeric

  const std::string& raw_column() const { return column.empty() ? name : column; }
  // Crossed fields are computed from others and are no input of their own.
  bool is_input() const { return kind != FieldKind::crossed; }
};

}  // namespace esmm
