#include "esmm/config/validate.h"

#include "esmm/config/source_format.h"
#include "esmm/core/nearest.h"

#include <algorithm>

namespace esmm::config {
namespace {

// Whether the config alone says so.
bool is_csv(const SourceConfig& source) {
  if (source.format != SourceFormat::automatic) return source.format == SourceFormat::csv;
  return std::all_of(source.paths.begin(), source.paths.end(), [](const std::filesystem::path& path) {
    return format_by_name(path) == SourceFormat::csv;
  });
}

// Judges one field beside the others.
class FieldRules {
 public:
  FieldRules(const DataConfig& data, Problems& problems)
      : fields_(data.fields), names_(names_of(data.fields)), problems_(problems) {
    names_known_ = problems.clean("data.fields");
    only_csv_ =
        problems.clean("data.sources") && std::all_of(data.sources.begin(), data.sources.end(), is_csv);
  }

  void check(size_t place) {
    const Field& field = fields_[place];
    path_ = entry_path("data.fields", place);
    if (!problems_.clean(path_)) return;
    check_multi(field);
    check_buckets(field);
    check_cross(field);
    if (!field.shares.empty()) check_shares(field);
  }

 private:
  void refuse(const std::string& key, Problem problem) {
    problems_.add(path_ + '.' + key, std::move(problem));
  }

  void refuse_for(const Field& field, const std::string& key, const std::string& kind) {
    refuse(key, {.what = "only a " + kind + " field has " + key,
                 .got = "kind " + text_of(field.kind),
                 .hint = "remove it or set kind: " + kind});
  }

  void check_multi(const Field& field) {
    if (field.kind == FieldKind::multi) {
      if (only_csv_ && field.separator.empty()) {
        refuse("separator", {.what = "missing",
                             .expected = "what parts the values of a CSV column",
                             .hint = "only a Parquet column can be a list"});
      }
      return;
    }
    if (!field.separator.empty()) refuse_for(field, "separator", "multi");
    if (!field.weights.empty()) refuse_for(field, "weights", "multi");
    if (field.pooling != Pooling::mean) refuse_for(field, "pooling", "multi");
  }

  void check_buckets(const Field& field) {
    const Buckets& buckets = field.buckets;
    const Buckets standard;
    const bool given = buckets.method != standard.method || !buckets.edges.empty() ||
                       buckets.count != standard.count || buckets.steps != standard.steps;
    if (field.kind != FieldKind::numeric) {
      if (given) refuse_for(field, "buckets", "numeric");
      return;
    }
    const bool by_edges = buckets.method == BucketMethod::edges;
    const auto falls = [](double a, double b) { return a >= b; };
    if (by_edges && buckets.edges.empty())
      refuse("buckets.edges", {.what = "is empty", .hint = "method edges needs rising numbers"});
    if (!by_edges && !buckets.edges.empty()) {
      refuse("buckets.edges",
             {.what = "used only with method edges", .got = "method " + text_of(buckets.method)});
    } else if (std::adjacent_find(buckets.edges.begin(), buckets.edges.end(), falls) != buckets.edges.end()) {
      refuse("buckets.edges", {.what = "edges do not rise", .hint = "order them, each once"});
    }
  }

  // The field of that name; null (and told) where there is none or it is the field itself.
  const Field* other(const Field& field, const std::string& key, const std::string& name) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (name == field.name) {
      refuse(key, {.what = "a field cannot name itself", .got = name});
    } else if (found != names_.end()) {
      return &fields_[found - names_.begin()];
    } else if (names_known_) {
      refuse(key, {.what = "no field is called \"" + name + "\"", .hint = did_you_mean(name, names_)});
    }
    return nullptr;
  }

  void check_shares(const Field& field) {
    const Field* target = other(field, "shares", field.shares);
    if (target == nullptr || target->shares.empty()) return;
    refuse("shares", {.what = "\"" + target->name + "\" has no rows of its own",
                      .got = "it shares those of " + target->shares,
                      .hint = "name " + target->shares + " instead"});
  }

  void check_cross(const Field& field) {
    if (field.kind != FieldKind::crossed) {
      if (!field.cross.empty()) refuse_for(field, "cross", "crossed");
      return;
    }
    if (!field.column.empty())
      refuse("column", {.what = "a crossed field has no column", .got = field.column, .hint = "remove it"});
    if (field.cross.size() != 2 || field.cross[0] == field.cross[1]) {
      return refuse("cross", {.what = "not a pair",
                              .expected = "two different fields",
                              .got = list_in_words(field.cross, "and")});
    }
    for (const std::string& name : field.cross) check_part(field, name);
    if (problems_.clean(path_)) check_side(field);
  }

  void check_part(const Field& field, const std::string& name) {
    const Field* part = other(field, "cross", name);
    if (part == nullptr) return;
    if (part->kind == FieldKind::multi || part->kind == FieldKind::crossed) {
      refuse("cross", {.what = "\"" + name + "\" cannot be crossed",
                       .expected = "a field with a single value",
                       .got = "kind " + text_of(part->kind)});
    }
  }

  // The user's part of a request is computed without the item's, and the other way round.
  void check_side(const Field& field) {
    if (field.side == Side::context) return;
    for (const std::string& name : field.cross) {
      const Field* part = other(field, "cross", name);
      if (part == nullptr || part->side == field.side) continue;
      return refuse("side", {.what = "\"" + name + "\" is of another side",
                             .got = text_of(part->side),
                             .hint = "set side: context"});
    }
  }

  const std::vector<Field>& fields_;
  const std::vector<std::string> names_;
  Problems& problems_;
  bool names_known_ = true;
  bool only_csv_ = false;
  std::string path_;
};

}  // namespace

void validate_fields(const DataConfig& data, Problems& problems) {
  FieldRules rules(data, problems);
  for (size_t i = 0; i < data.fields.size(); ++i) rules.check(i);
  refuse_repeated(names_of(data.fields), "data.fields", "name", problems);
}

}  // namespace esmm::config
