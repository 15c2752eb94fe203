#pragma once

#include <string>
#include <vector>

#include "esmm/metrics/value.h"

namespace esmm::report {

struct Column {
  std::string title;
  std::string meaning = {};  // shown to who points at it
  bool number = true;        // to the right
};

struct Cell {
  std::string text;
  std::string note = {};  // shown to who points at it
};

struct Table {
  std::string caption;  // for a screen reader
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows = {};  // the first cell names the row
};

std::string html(const Table& table);

// The number, or "undefined" with its reason; a value that does not apply (neither number nor reason) is a
// dash.
Cell cell(const metrics::Value& value, int digits = 4);

}  // namespace esmm::report
