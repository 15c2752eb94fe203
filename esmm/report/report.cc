#include "esmm/report/report.h"

#include <fmt/format.h>

#include "esmm/report/comparison_section.h"
#include "esmm/report/heads_section.h"
#include "esmm/report/page.h"
#include "esmm/report/slices_section.h"
#include "esmm/report/summary_section.h"
#include "esmm/report/table.h"
#include "esmm/report/text.h"
#include "esmm/report/training_section.h"

namespace esmm::report {
namespace {

constexpr size_t kLongestConfig = 200'000;  // bytes

std::string config_section(const ReportInput& input) {
  std::string config = dump_config(input.config);
  if (config.size() > kLongestConfig)
    config = config.substr(0, kLongestConfig) + "\n… (config.yaml has the rest)\n";
  Table environment{.caption = "Environment", .columns = {{"What", "", false}, {"Value", "", false}}};
  for (const auto& [what, value] : input.environment) environment.rows.push_back({{what}, {value}});
  Table splits{
      .caption = "Data set",
      .columns = {{"Split", "", false}, {"Impressions"}, {"Clicks"}, {"Conversions"}, {"CTR"}, {"CVR"}}};
  const auto share = [](int64_t part, int64_t whole) {
    return whole > 0 ? percent_text(static_cast<double>(part) / static_cast<double>(whole))
                     : std::string("–");
  };
  for (const auto& [name, counts] : input.splits) {
    splits.rows.push_back({{name},
                           {count_text(static_cast<double>(counts.impressions))},
                           {count_text(static_cast<double>(counts.clicks))},
                           {count_text(static_cast<double>(counts.conversions))},
                           {share(counts.clicks, counts.impressions)},
                           {share(counts.conversions, counts.clicks)}});
  }
  return section("environment", "Data, environment and config",
                 html(splits) + html(environment) + "<details><summary>The whole config</summary><pre>" +
                     escape(config) + "</pre></details>");
}

}  // namespace

std::string render(const ReportInput& input) {
  std::vector<std::string> sections = {summary_section(input), training_section(input),
                                       heads_section(input.heads), slices_section(input)};
  if (input.comparison) sections.push_back(comparison_section(*input.comparison));
  sections.push_back(config_section(input));
  return page("ESMM report: " + input.run, sections);
}

}  // namespace esmm::report
