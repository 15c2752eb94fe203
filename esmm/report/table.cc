#include "esmm/report/table.h"

#include "esmm/report/text.h"

namespace esmm::report {
namespace {

std::string tag(const char* name, const char* scope, bool number, const Cell& cell) {
  return std::string("<") + name + scope + (number ? " class=\"number\"" : "") +
         (cell.note.empty() ? "" : " title=\"" + escape(cell.note) + "\"") + ">" + escape(cell.text) + "</" +
         name + ">";
}

}  // namespace

std::string html(const Table& table) {
  std::string html =
      "<div class=\"scroll\"><table><caption>" + escape(table.caption) + "</caption><thead><tr>";
  for (const Column& column : table.columns)
    html += tag("th", " scope=\"col\"", column.number, {column.title, column.meaning});
  html += "</tr></thead><tbody>";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (size_t i = 0; i < row.size(); ++i)
      html += i == 0 ? tag("th", " scope=\"row\"", false, row[i])
                     : tag("td", "", table.columns[i].number, row[i]);
    html += "</tr>";
  }
  return html + "</tbody></table></div>";
}

Cell cell(const metrics::Value& value, int digits) {
  if (value.number) return {number_text(*value.number, digits)};
  return value.reason.empty() ? Cell{"–"} : Cell{"undefined: " + value.reason};
}

}  // namespace esmm::report
