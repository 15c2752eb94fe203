#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "esmm/config/data_config.h"
#include "esmm/core/error.h"
#include "esmm/data/prepare/column_plan.h"
#include "esmm/data/raw/column_names.h"

namespace esmm::data {

// A column somewhere: place -1 is the impressions, others are tables of the plan.
struct FoundColumn {
  int64_t place = -1;
  ColumnRef column;
};

// The sources of a plan and the columns that they have: what plan_columns() looks names up in. Problems are
// gathered until finish(), to be told at once.
class SourceColumns {
 public:
  // Opens every source and enters them into the plan. labels: as plan_columns has it. config and plan outlive
  // the object. Throws ConfigError where a source cannot be read.
  SourceColumns(const DataConfig& config, bool labels, RawPlan& plan);

  // Finds a column and asks for it in the plan, where it is; none: a problem. where: the key that names it.
  // Ali-CCP's logs have any feature: where `feature`, a name that nothing else knows is one, common or of the
  // skeleton.
  std::optional<FoundColumn> find(const std::string& name, const std::string& where, bool common,
                                  bool feature) {
    return find(name, where, common, feature, 0);
  }

  void add_problem(Problem problem) { problems_.push_back(std::move(problem)); }

  // After all fields and values: tells which tables are used, and finds what they are joined by. Throws
  // ConfigError with all problems; where there are none, with what is missing in files that were not looked
  // at yet.
  void finish();

 private:
  // A source whose delimiter is probably wrong.
  struct Suspect {
    std::string source;
    WrongDelimiter wrong;
    bool told = false;
  };

  // Of a column that is nowhere, or not in the source where it has to be. Where a wrong delimiter explains
  // it, that is told in its place, once.
  void add_missing(const std::string& name, Problem problem, const std::string& source = {});
  bool ali_ccp() const { return plan_.sources.front().format == SourceFormat::ali_ccp; }
  void stop_on_problems();
  void add_source(const SourceConfig& source);
  void add_unreadable(const SourceConfig& source);
  void add_common_features();
  void place_keys(size_t table);
  bool in_impressions(const std::string& name) const;
  std::optional<FoundColumn> find(const std::string& name, const std::string& where, bool common,
                                  bool feature, size_t depth);
  ColumnRef raw(int64_t at, const std::string& name);
  ColumnRef derived(int64_t at, const DerivedConfig& config, ColumnRef input);
  std::vector<std::string> all_columns() const;
  void require_columns_of_all_files();

  const DataConfig& config_;
  bool labels_;
  RawPlan& plan_;
  std::vector<std::string> impression_columns_;
  std::vector<std::vector<std::string>> table_columns_;  // per table
  std::vector<JoinConfig> joins_;                        // per table
  std::vector<Problem> problems_;
  std::vector<Problem> absent_;  // sources, told first where there are problems
  std::vector<Suspect> suspects_;
};

}  // namespace esmm::data
