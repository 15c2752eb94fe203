#include "esmm/experiment/comparison.h"

#include "esmm/experiment/paired_test.h"

namespace esmm::experiment {
namespace {

// None where the metric does not apply to the head.
std::optional<metrics::Value> value_of(const CellResult& cell, const std::string& head,
                                       const std::string& metric) {
  const auto found_head = cell.heads.find(head);
  if (found_head == cell.heads.end()) return std::nullopt;
  const auto found = found_head->second.values.find(metric);
  return found == found_head->second.values.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::vector<uint64_t> ComparedEntry::seeds() const {
  std::vector<uint64_t> finished;
  for (const auto& [seed, cell] : cells) finished.push_back(seed);
  return finished;
}

std::optional<Summary> ComparedEntry::summary(const std::string& head, const std::string& metric) const {
  std::vector<metrics::Value> values;
  for (const auto& [seed, cell] : cells) {
    const auto value = value_of(cell, head, metric);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return summarise(std::move(values), seeds());
}

metrics::Value Comparison::p_value(const ComparedEntry& entry, const std::string& head,
                                   const std::string& metric) const {
  if (!baseline) return metrics::undefined("no entry of method esmm is compared");
  const ComparedEntry& against = entries[*baseline];
  if (&entry == &against) return metrics::undefined("the others are tested against this one");
  std::vector<double> own, others;
  for (const auto& [seed, cell] : entry.cells) {
    const auto other = against.cells.find(seed);
    if (other == against.cells.end()) continue;
    const auto a = value_of(cell, head, metric), b = value_of(other->second, head, metric);
    if (!a || !b || !a->number || !b->number) return metrics::undefined("undefined for a seed");
    own.push_back(*a->number);
    others.push_back(*b->number);
  }
  return paired_t_test(own, others);
}

size_t Comparison::finished() const {
  size_t count = 0;
  for (const ComparedEntry& entry : entries) count += entry.cells.size();
  return count;
}

const std::vector<std::string>& compared_heads() {
  static const std::vector<std::string> heads{"ctr", "cvr", "ctcvr", "ctcvr_external", "cvr_entire_space"};
  return heads;
}

}  // namespace esmm::experiment
