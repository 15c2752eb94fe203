#pragma once

#include <string>
#include <vector>

#include "esmm/config/config.h"
#include "esmm/core/error.h"

namespace esmm::test {

// The shortest config with an entry in every list.
inline const std::string kValid = R"(data:
  path: prepared
  sources:
    - {name: log, paths: log.csv}
    - {name: users, paths: [users_a.csv, users_b.csv]}
  joins:
    - {source: users, key: user}
  derived:
    - {name: hour, column: time, hour_of: seconds}
  labels: {click: click, conversion: buy}
  split: {by: fraction, test_fraction: 0.25}
  fields:
    - {name: user}
    - {name: seen, kind: multi, separator: " ", shares: user}
    - {name: price, kind: numeric}
model: {layers: [8, 4]}
train: {run: run}
compare:
  entries:
    - {name: plain, method: base}
    - {name: dropout, method: esmm, set: [model.dropout=0.2]}
)";

inline Config parse(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return parse_config(text, "c.yaml", "/conf", overrides);
}

// The lines of the ConfigError; none where the config is accepted.
inline std::vector<std::string> problems_of(const std::string& text,
                                            const std::vector<std::string>& overrides = {}) {
  std::vector<std::string> lines;
  try {
    parse(text, overrides);
  } catch (const ConfigError& error) {
    for (const Problem& problem : error.problems()) lines.push_back(problem.line());
  }
  return lines;
}

// kValid with one piece of its text replaced.
inline std::string valid_with(const std::string& from, const std::string& to) {
  std::string text = kValid;
  const size_t at = text.find(from);
  if (at == std::string::npos) throw InternalError("not in the valid config: " + from);
  return text.replace(at, from.size(), to);
}

}  // namespace esmm::test
