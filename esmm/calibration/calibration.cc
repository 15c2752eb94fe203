#include "esmm/calibration/calibration.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include "esmm/calibration/fit.h"
#include "esmm/core/error.h"

namespace esmm::calibration {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kKinds{"none", "platt", "isotonic"};  // in the order of Map::Kind

Map fit_head(const Rows& rows, CalibrationMethod method, const char* head) {
  try {
    return method == CalibrationMethod::platt ? fit_platt(rows) : fit_isotonic(rows);
  } catch (const Error& error) {
    Problem problem = error.problems().front();
    problem.where = head;
    throw Error(problem);
  }
}

const char* kind_name(const Map& map) { return kKinds[static_cast<size_t>(map.kind)]; }

Json json_of(const Map& map) {
  Json json{{"kind", kind_name(map)}};
  if (map.kind == Map::Kind::platt) json.update({{"slope", map.slope}, {"intercept", map.intercept}});
  if (map.kind == Map::Kind::isotonic) json.update({{"x", map.x}, {"y", map.y}});
  return json;
}

// x rises from 0 to 1; y never falls and stays between them.
bool are_points(const Map& map) {
  return map.x.size() == map.y.size() && map.x.size() >= 2 && map.x.front() == 0 && map.x.back() == 1 &&
         std::ranges::adjacent_find(map.x, std::greater_equal{}) == map.x.end() && map.y.front() >= 0 &&
         map.y.back() <= 1 && std::ranges::is_sorted(map.y);
}

Map map_of(const Json& json) {
  const auto kind = json.at("kind").get<std::string>();
  for (size_t k = 0; k < kKinds.size(); ++k) {
    if (kind != kKinds[k]) continue;
    Map map{.kind = static_cast<Map::Kind>(k), .x = {}, .y = {}};
    if (map.kind == Map::Kind::platt) {
      json.at("slope").get_to(map.slope);
      json.at("intercept").get_to(map.intercept);
    } else if (map.kind == Map::Kind::isotonic) {
      json.at("x").get_to(map.x);
      json.at("y").get_to(map.y);
      if (!are_points(map)) throw std::invalid_argument("points");
    }
    return map;
  }
  throw std::invalid_argument(kind);
}

}  // namespace

Calibration fit(const HeldOut& held_out, const CalibrationConfig& config) {
  if (config.method == CalibrationMethod::none) return {};
  const std::vector<float> ones(held_out.p_ctr.size(), 1.0F);
  Calibration calibration;
  calibration.ctr =
      fit_head({.p = held_out.p_ctr, .weight = ones, .positive = held_out.click}, config.method, "pCTR");
  Rows of_cvr{.p = held_out.p_cvr, .weight = held_out.click, .positive = held_out.conversion};
  std::vector<float> calibrated_ctr;
  if (config.cvr == CvrTarget::ctcvr) {
    for (const float p : held_out.p_ctr) calibrated_ctr.push_back(static_cast<float>(calibration.ctr(p)));
    of_cvr.weight = calibrated_ctr;
  }
  calibration.cvr = fit_head(of_cvr, config.method, "pCVR");
  return calibration;
}

std::string name_of(const Calibration& calibration) {
  const std::string ctr = kind_name(calibration.ctr), cvr = kind_name(calibration.cvr);
  return ctr == cvr ? ctr : ctr + ", " + cvr;
}

std::string to_json(const Calibration& calibration) {
  return Json{{"ctr", json_of(calibration.ctr)}, {"cvr", json_of(calibration.cvr)}}.dump(2) + '\n';
}

Calibration from_json(const std::string& text, const std::string& where) {
  try {
    const Json json = Json::parse(text);
    return {.ctr = map_of(json.at("ctr")), .cvr = map_of(json.at("cvr"))};
  } catch (const std::exception&) {  // of the parser, or of map_of
    throw Error({.what = "is no calibration",
                 .where = where,
                 .expected = "what esmm calibrate writes",
                 .hint = "remove the file, then run esmm calibrate again"});
  }
}

}  // namespace esmm::calibration
