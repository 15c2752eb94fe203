#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/config/yaml_tree.h"
#include "esmm/core/error.h"

namespace esmm::config {

// Collects what is wrong with a config, each with file, line and key path. A mistake that the file holds once
// (in an entry with `names`, say) is told once.
class Problems {
 public:
  // The tree gives the lines; it must outlive this.
  explicit Problems(const YamlTree& tree) : tree_(tree) {}

  // problem.where is filled in: the place of `path`, or that of the deepest part of it that is there.
  void add(const std::string& path, Problem problem) {
    add_at(place_of(tree_, path), path, std::move(problem));
  }
  void add_at(const Place& place, const std::string& path, Problem problem);
  // The same of several values together, as in a range: where --set gave one of them, it is the place.
  void add_within(const std::string& path, Problem problem);

  // Whether --set gave what stands at `path`, or something inside it.
  bool overridden(const std::string& path) const { return overridden_in(tree_, path) != nullptr; }

  // What stands at `path` is not what was meant, and a problem was told for that.
  void doubt(const std::string& path) { doubts_.push_back(path); }

  // Nothing is wrong or in doubt at `path` or inside it.
  bool clean(std::string_view path) const;

  // Throws ConfigError with all of them, in the file's order, where there are any.
  void throw_if_any() const;

 private:
  struct Found {
    Place place;
    Problem problem;
  };
  const YamlTree& tree_;
  std::vector<Found> found_;
  std::vector<std::string> doubts_;  // paths of what was found, too
  std::set<std::string> seen_;
};

}  // namespace esmm::config
