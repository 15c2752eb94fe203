#include "esmm/config/validate.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace esmm::config {
namespace {

using NamedRange = std::pair<std::string, const SplitRange*>;

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// How two bounds of one column compare: as numbers where all its bounds are numbers, else as text.
class Order {
 public:
  explicit Order(const std::vector<NamedRange>& ranges) {
    for (const auto& [name, range] : ranges) {
      for (const std::string& text : range->values) numeric_ &= number(text).has_value();
      for (const std::string* text : {&range->from, &range->to})
        numeric_ &= text->empty() || number(*text).has_value();
    }
  }
  bool less(const std::string& a, const std::string& b) const {
    return numeric_ ? *number(a) < *number(b) : a < b;
  }
  bool inside(const std::string& value, const SplitRange& range) const {
    const auto same = [&](const std::string& other) { return !less(value, other) && !less(other, value); };
    if (!range.values.empty()) return std::any_of(range.values.begin(), range.values.end(), same);
    return (range.from.empty() || !less(value, range.from)) && (range.to.empty() || !less(range.to, value));
  }
  bool overlap(const SplitRange& a, const SplitRange& b) const {
    const auto in = [this](const SplitRange& range) {
      return [this, &range](const std::string& value) { return inside(value, range); };
    };
    if (!a.values.empty()) return std::any_of(a.values.begin(), a.values.end(), in(b));
    if (!b.values.empty()) return std::any_of(b.values.begin(), b.values.end(), in(a));
    const bool a_ends_first = !a.to.empty() && !b.from.empty() && less(a.to, b.from);
    const bool b_ends_first = !b.to.empty() && !a.from.empty() && less(b.to, a.from);
    return !a_ends_first && !b_ends_first;
  }

 private:
  bool numeric_ = true;
};

void validate_range(const NamedRange& named, const Order& order, Problems& problems) {
  const SplitRange& range = *named.second;
  const std::string path = "data.split." + named.first;
  if (!range.values.empty() && !(range.from.empty() && range.to.empty())) {
    problems.add(path,
                 {.what = "values and a range contradict each other", .hint = "give values, or from and to"});
  } else if (!range.from.empty() && !range.to.empty() && order.less(range.to, range.from)) {
    problems.add(path, {.what = "from lies behind to",
                        .got = "from " + range.from + " to " + range.to,
                        .hint = "swap them"});
  }
}

void validate_by_column(const SplitConfig& split, const std::vector<NamedRange>& ranges, Problems& problems) {
  if (split.column.empty())
    problems.add("data.split.column", {.what = "missing", .hint = "split.by column needs the column"});
  const Order order(ranges);
  std::vector<NamedRange> given;
  for (const NamedRange& range : ranges) {
    if (range.second->given()) {
      given.push_back(range);
      validate_range(range, order, problems);
    } else if (range.first != "validation") {
      problems.add("data.split." + range.first,
                   {.what = "missing", .hint = "split.by column needs from, to or values here"});
    }
  }
  if (!problems.clean("data.split")) return;
  for (size_t i = 0; i < given.size(); ++i) {
    for (size_t j = i + 1; j < given.size(); ++j) {
      if (!order.overlap(*given[i].second, *given[j].second)) continue;
      problems.add("data.split." + given[j].first,
                   {.what = "overlaps " + given[i].first,
                    .hint = "an impression belongs to one split; from and to are inclusive"});
    }
  }
}

void validate_by_source(const DataConfig& data, Problems& problems) {
  std::vector<std::string> splits;
  for (size_t i = 0; i < data.sources.size(); ++i) {
    const SourceConfig& source = data.sources[i];
    const bool joined = std::any_of(data.joins.begin(), data.joins.end(),
                                    [&](const JoinConfig& join) { return join.source == source.name; });
    const std::string path = entry_path("data.sources", i) + ".split";
    splits.push_back(source.split);
    if (joined && !source.split.empty()) {
      problems.add(path, {.what = "a joined source has no split", .got = source.split, .hint = "remove it"});
    } else if (!joined && source.split.empty()) {
      problems.add(path, {.what = "missing",
                          .expected = "train, validation or test",
                          .hint = "split.by source needs it of \"" + source.name + "\""});
    }
  }
  if (!problems.clean("data.sources")) return;
  for (const std::string name : {"train", "test"}) {
    if (std::find(splits.begin(), splits.end(), name) != splits.end()) continue;
    problems.add("data.split.by", {.what = "no source has split: " + name,
                                   .hint = "training and test impressions are both needed"});
  }
}

void refuse_unused(const DataConfig& data, const std::vector<NamedRange>& ranges, Problems& problems) {
  const std::string by = "used only with split.by ";
  if (data.split.by != SplitBy::column) {
    const Problem unused{
        .what = by + "column", .got = "by " + text_of(data.split.by), .hint = "remove it or change by"};
    if (!data.split.column.empty()) problems.add("data.split.column", unused);
    for (const auto& [name, range] : ranges) {
      if (range->given()) problems.add("data.split." + name, unused);
    }
  }
  if (data.split.by == SplitBy::source) return;
  for (size_t i = 0; i < data.sources.size(); ++i) {
    if (data.sources[i].split.empty()) continue;
    problems.add(
        entry_path("data.sources", i) + ".split",
        {.what = by + "source", .got = "by " + text_of(data.split.by), .hint = "remove it or change by"});
  }
}

}  // namespace

void validate_split(const DataConfig& data, Problems& problems) {
  const SplitConfig& split = data.split;
  if (!problems.clean("data.split")) return;
  const std::vector<NamedRange> ranges{
      {"train", &split.train}, {"validation", &split.validation}, {"test", &split.test}};
  refuse_unused(data, ranges, problems);
  if (split.by == SplitBy::column) validate_by_column(split, ranges, problems);
  if (split.by == SplitBy::source && problems.clean("data.sources") && problems.clean("data.joins"))
    validate_by_source(data, problems);
  if (split.by == SplitBy::fraction && split.validation_fraction + split.test_fraction >= 1) {
    problems.add("data.split", {.what = "validation_fraction and test_fraction leave nothing to train on",
                                .expected = "a sum below 1"});
  }
}

}  // namespace esmm::config
