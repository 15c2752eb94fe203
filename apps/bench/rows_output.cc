#include "apps/bench/rows_output.h"

#include <fmt/format.h>
#include <torch/version.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "apps/bench/machine.h"
#include "esmm/core/file.h"

namespace esmm::bench {

namespace {

using Json = nlohmann::ordered_json;

std::string text(std::optional<double> number) {
  return number ? fmt::format("{:.3f}", *number) : std::string("-");
}

Json json(std::optional<double> number) { return number ? Json(*number) : Json(nullptr); }

}  // namespace

std::string table_text(const std::vector<Row>& rows) {
  constexpr const char* kLine = "{:<22} {:<34} {:>12} {:>12} {:>12} {:>9} {:>9}\n";
  std::string table = fmt::format(kLine, "case", "system", "samples/s", "min", "max", "x stock", "x limit");
  for (const Row& row : rows) {
    table += fmt::format(kLine, row.name, row.system, fmt::format("{:.4g}", row.samples_per_second),
                         fmt::format("{:.4g}", row.min), fmt::format("{:.4g}", row.max),
                         text(row.ratio_to_stock), text(row.share_of_limit));
  }
  return table;
}

void write_json(const std::filesystem::path& file, const Setting& setting, const std::vector<Row>& rows) {
  const Machine machine = this_machine();
  Json all = Json::array();
  for (const Row& row : rows) {
    all.push_back({{"case", row.name},
                   {"system", row.system},
                   {"samples_per_second", row.samples_per_second},
                   {"min", row.min},
                   {"max", row.max},
                   {"ratio_to_stock", json(row.ratio_to_stock)},
                   {"share_of_limit", json(row.share_of_limit)},
                   {"threads", setting.threads},
                   {"device", setting.device},
                   {"cpu", machine.cpu.empty() ? Json(nullptr) : Json(machine.cpu)},
                   {"cores", machine.cores},
                   {"extensions", machine.extensions},
                   {"version", ESMM_VERSION},
                   {"libtorch", TORCH_VERSION}});
  }
  write_file(file, all.dump(2) + "\n");
}

}  // namespace esmm::bench
