#include "esmm/report/page.h"

#include "esmm/report/style.h"
#include "esmm/report/text.h"

namespace esmm::report {

std::string section(const std::string& id, const std::string& heading, const std::string& content) {
  return "<section id=\"" + id + "\"><h2>" + escape(heading) + "</h2>" + content + "</section>\n";
}

std::string page(const std::string& title, const std::vector<std::string>& sections) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
      "<meta name=\"color-scheme\" content=\"light dark\"/><title>" +
      escape(title) + "</title><style>" + kStyle + "</style></head>\n<body><main><h1>" + escape(title) +
      "</h1>\n";
  for (const std::string& section : sections) html += section;
  return html + "</main></body></html>\n";
}

}  // namespace esmm::report
