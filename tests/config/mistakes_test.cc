#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/config/support.h"

using esmm::test::kValid;
using esmm::test::problems_of;
using esmm::test::valid_with;

namespace {

struct Mistake {
  const char* from;
  const char* to;
  const char* line;
};

// A piece of the valid config, what a person wrote instead, and the one line that says so.
const std::vector<Mistake> kMistakes{
    // Keys and types.
    {"split:", "splt:", "c.yaml:11: data.splt: unknown key; did you mean \"split\"?"},
    {"layers:", "layer:", "c.yaml:16: model.layer: unknown key; did you mean \"layers\"?"},
    {"{run: run}", "{run: run, xyz: 1}",
     "c.yaml:17: train.xyz: unknown key; the keys here are run, seed, device, cuda_graph, precision, "
     "threads, "
     "loader_threads, "
     "batch_size, epochs, max_steps, shuffle, shuffle_window, impressions_per_user, towers, table, schedule, "
     "early_stop, validate_every_steps, checkpoint_every_steps and log_every_steps"},
    {"{run: run}", "{run: run, run: again}",
     "c.yaml:17: train.run: the key is given twice; remove one of the two"},
    {"{run: run}", "{run: }", "c.yaml:17: train.run: wrong type: expected a path, got nothing"},
    {"{run: run}", "{epochs: 1}", "c.yaml:17: train.run: missing; it is required"},
    {"{run: run}", "{run: run, epochs: 1.5}",
     "c.yaml:17: train.epochs: wrong type: expected a whole number, got 1.5"},
    {"{run: run}", "{run: run, epochs: many}",
     "c.yaml:17: train.epochs: wrong type: expected a whole number, got many"},
    {"{run: run}", "{run: run, shuffle: yes}",
     "c.yaml:17: train.shuffle: wrong type: expected true or false, got yes"},
    {"{run: run}", "{run: run, seed: -1}",
     "c.yaml:17: train.seed: wrong type: expected a whole number from 0, got -1"},
    {"{run: run}", "{run: run, towers: 3}",
     "c.yaml:17: train.towers: wrong type: expected keys with values, got 3"},
    {"{run: run}", "{run: run, towers: {learning_rate: nan}}",
     "c.yaml:17: train.towers.learning_rate: wrong type: expected a number, got nan"},
    {"{run: run}", "{run: run, batch_size: 0}",
     "c.yaml:17: train.batch_size: out of bounds: expected a number in [1, 16777216], got 0"},
    {"{run: run}", "{run: run, table: {name: adamm}}",
     "c.yaml:17: train.table.name: not one of the choices: expected adam, lazy_adam, rowwise_adagrad, "
     "adagrad or sgd, got adamm; did you mean \"adam\"?"},
    {"{run: run}", "{run: run, schedule: {name: stairs}}",
     "c.yaml:17: train.schedule.name: not one of the choices: expected constant, linear or cosine, got "
     "stairs"},
    {"[8, 4]", "8", "c.yaml:16: model.layers: wrong type: expected a list, got 8"},
    {"[8, 4]", "[8, four]", "c.yaml:16: model.layers[1]: wrong type: expected a whole number, got four"},
    {"path: prepared", "path: \"\"", "c.yaml:2: data.path: is empty; it is required"},
    {"path: prepared", "path: [a]", "c.yaml:2: data.path: wrong type: expected a path, got a list"},
    {"path: prepared", "path: ${ESMM_NOT_SET}/x",
     "c.yaml:2: data.path: the environment variable ESMM_NOT_SET is not set; export it, or write "
     "${ESMM_NOT_SET:-default}"},
    {"click: click, ", "", "c.yaml:10: data.labels.click: missing; it is required"},
    {"click: click", "clik: click", "c.yaml:10: data.labels.clik: unknown key; did you mean \"click\"?"},
    {"  fields:", "  felds:", "c.yaml:12: data.felds: unknown key; did you mean \"fields\"?"},
    {"labels: {", "labels: [",
     "c.yaml:10: not valid YAML: illegal flow end; check indentation, brackets and quotes near this line"},
    {"model:", "  model:",
     "c.yaml:16: data.model: unknown key; the keys here are path, placement, sources, joins, derived, "
     "labels, truth, "
     "split, id, group_by, vocabulary, fields and max_rejected"},
    {"{run: run}", "*anchor",
     "c.yaml:17: not valid YAML: the referenced anchor is not defined; check indentation, brackets and "
     "quotes near this line"},
    {"path: prepared", "path: \"two\\nlines ${ESMM_NOT_SET}\"",
     "c.yaml:2: data.path: the environment variable ESMM_NOT_SET is not set; export it, or write "
     "${ESMM_NOT_SET:-default}"},
    // Sources, joins, derived columns.
    {"paths: log.csv", "paths: []", "c.yaml:4: data.sources[0].paths: is empty; it is required"},
    {"paths: log.csv", "paths: log.txt",
     "c.yaml:4: data.sources[0].format: the format cannot be told from the file's name: expected .csv[.gz], "
     ".tsv[.gz] or .parquet, got log.txt; set format"},
    {"path: prepared", "path: prepared\n  placement: gpu",
     "c.yaml:3: data.placement: not one of the choices: expected host or device, got gpu"},
    {"paths: log.csv", "paths: log.csv, format: cvs",
     "c.yaml:4: data.sources[0].format: not one of the choices: expected auto, csv, parquet or ali_ccp, got "
     "cvs; did you mean \"csv\"?"},
    {"paths: log.csv", "paths: log.csv, format: ali_ccp",
     "c.yaml:4: data.sources[0].common: missing; format ali_ccp needs the common-features files"},
    {"paths: log.csv", "paths: log.csv, common: c.csv, format: ali_ccp, delimiter: ;",
     "c.yaml:4: data.sources[0].delimiter: only csv has a delimiter: got format ali_ccp"},
    {"paths: log.csv", "paths: log.csv, common: c.csv",
     "c.yaml:4: data.sources[0].common: only format ali_ccp has common-features files: got format auto"},
    {"paths: log.csv", "paths: log.csv, delimiter: tab",
     "c.yaml:4: data.sources[0].delimiter: not a delimiter: expected one byte other than a quote or a line "
     "end, \\t for a tab, got \"tab\""},
    {"paths: log.csv", "paths: log.csv, delimiter: \"\\n\"",
     "c.yaml:4: data.sources[0].delimiter: not a delimiter: expected one byte other than a quote or a line "
     "end, \\t for a tab, got \"\\n\""},
    {"paths: log.csv", "paths: log.csv, split: train",
     "c.yaml:4: data.sources[0].split: used only with split.by source: got by fraction; remove it or change "
     "by"},
    {"paths: log.csv", "paths: log.csv, split: training",
     "c.yaml:4: data.sources[0].split: not one of the choices: expected train, validation or test, got "
     "training; did you mean \"train\"?"},
    {"{name: users, paths", "{name: log, paths",
     "c.yaml:5: data.sources[1].name: \"log\" is there already; each entry needs one of its own"},
    {"source: users", "source: user",
     "c.yaml:7: data.joins[0].source: no source is called \"user\"; did you mean \"users\"?"},
    {"key: user}", "key: user}\n    - {source: users, key: user}",
     "c.yaml:8: data.joins[1].source: \"users\" is there already; each entry needs one of its own"},
    {"key: user}", "key: user}\n    - {source: log, key: user}",
     "c.yaml:6: data.joins: every source is joined, none holds impressions; remove the join of the "
     "impressions"},
    {", key: user}", "}", "c.yaml:7: data.joins[0].key: missing; it is required"},
    {", hour_of: seconds", "",
     "c.yaml:9: data.derived[0]: one operation is needed: expected divide or hour_of, got none"},
    {"hour_of: seconds", "hour_of: seconds, divide: 10",
     "c.yaml:9: data.derived[0]: one operation is needed: expected divide or hour_of, got both"},
    {"hour_of: seconds", "divide: 10, utc_offset_minutes: 60",
     "c.yaml:9: data.derived[0].utc_offset_minutes: only hour_of has an offset; remove it"},
    {"hour_of: seconds", "hour_of: second",
     "c.yaml:9: data.derived[0].hour_of: not one of the choices: expected seconds, milliseconds or iso8601, "
     "got second; did you mean \"seconds\"?"},
    {"hour_of: seconds}", "hour_of: seconds}\n    - {name: hour, column: t, divide: 2}",
     "c.yaml:10: data.derived[1].name: \"hour\" is there already; each entry needs one of its own"},
    {"name: hour, column: time", "name: time, column: time",
     "c.yaml:9: data.derived[0].name: \"time\" is the raw column's own name; give the new column another"},
    // Labels and truth.
    {"conversion: buy", "conversion: click",
     "c.yaml:10: data.labels.conversion: the same column as click: got click"},
    {"conversion: buy", "conversion: user",
     "c.yaml:13: data.fields[0].name: column \"user\" tells the outcome (labels.conversion); what is known "
     "only after the impression cannot be an input; remove the field"},
    {"- {name: hour, column: time, hour_of: seconds}", "- {name: user, column: buy, divide: 2}",
     "c.yaml:13: data.fields[0].name: column \"user\" tells the outcome (labels.conversion); what is known "
     "only after the impression cannot be an input; remove the field"},
    {"{name: price,", "{name: price, column: click,",
     "c.yaml:15: data.fields[2].column: column \"click\" tells the outcome (labels.click); what is known "
     "only after the impression cannot be an input; remove the field"},
    {"separator: \" \"", "separator: \" \", weights: buy",
     "c.yaml:14: data.fields[1].weights: column \"buy\" tells the outcome (labels.conversion); what is known "
     "only after the impression cannot be an input; remove the field"},
    {"conversion: buy", "conversion: buy, click_weight: [w]",
     "c.yaml:10: data.labels.click_weight: wrong type: expected a text, got a list"},
    {"conversion: buy", "conversion: buy, click_weights: w",
     "c.yaml:10: data.labels.click_weights: unknown key; did you mean \"click_weight\"?"},
    {"conversion: buy", "conversion: buy, click_weight: user",
     "c.yaml:13: data.fields[0].name: column \"user\" tells the outcome (labels.click_weight); what is known "
     "only after the impression cannot be an input; remove the field"},
    {"conversion: buy", "conversion: buy, conversion_weight: price",
     "c.yaml:15: data.fields[2].name: column \"price\" tells the outcome (labels.conversion_weight); what is "
     "known only after the impression cannot be an input; remove the field"},
    {"  split:", "  truth: {p_ctr: p}\n  split:",
     "c.yaml:11: data.truth.p_cvr: missing; the truth needs both columns, or none"},
    {"  split:", "  truth: {p_ctr: p, p_cvr: p}\n  split:",
     "c.yaml:11: data.truth.p_cvr: the same column as p_ctr: got p"},
    // Split.
    {"by: fraction, test_fraction: 0.25", "by: column, column: day, train: {to: 4}",
     "c.yaml:11: data.split.test: missing; split.by column needs from, to or values here"},
    {"by: fraction, test_fraction: 0.25", "by: column, train: {to: 4}, test: {from: 5}",
     "c.yaml:11: data.split.column: missing; split.by column needs the column"},
    {"by: fraction, test_fraction: 0.25", "by: column, column: day, train: {to: 10}, test: {from: 9}",
     "c.yaml:11: data.split.test: overlaps train; an impression belongs to one split; from and to are "
     "inclusive"},
    {"by: fraction, test_fraction: 0.25", "by: column, column: day, train: {from: 7, to: 3}, test: {from: 9}",
     "c.yaml:11: data.split.train: from lies behind to: got from 7 to 3; swap them"},
    {"by: fraction, test_fraction: 0.25",
     "by: column, column: day, train: {to: 3, values: [1]}, test: {from: 9}",
     "c.yaml:11: data.split.train: values and a range contradict each other; give values, or from and to"},
    {"by: fraction, test_fraction: 0.25", "by: column, column: day, train: {to: 3}, test: {values: [3, 4]}",
     "c.yaml:11: data.split.test: overlaps train; an impression belongs to one split; from and to are "
     "inclusive"},
    {"by: fraction, test_fraction: 0.25",
     "by: column, column: day, train: {to: 2026-3-10}, test: {from: 2026-03-11}",
     "c.yaml:11: data.split.train.to: not a date: expected a day of the calendar as YYYY-MM-DD, or a time as "
     "YYYY-MM-DDThh:mm[:ss], got 2026-3-10"},
    {"by: fraction, test_fraction: 0.25",
     "by: column, column: day, train: {from: 2026-13-45, to: 2026-03-10}, test: {from: 2026-03-11}",
     "c.yaml:11: data.split.train.from: not a date: expected a day of the calendar as YYYY-MM-DD, or a time "
     "as "
     "YYYY-MM-DDThh:mm[:ss], got 2026-13-45"},
    {"by: fraction, test_fraction: 0.25",
     "by: column, column: day, train: {to: 2026-03-10}, test: {values: [2026-03-11, 12/03/2026]}",
     "c.yaml:11: data.split.test.values[1]: not a date: expected a day of the calendar as YYYY-MM-DD, or a "
     "time as "
     "YYYY-MM-DDThh:mm[:ss], got 12/03/2026"},
    {"by: fraction, test_fraction: 0.25",
     "by: column, column: day, train: {to: 2026-03-10}, test: {from: 20260311}",
     "c.yaml:11: data.split.test.from: not a date: expected a day of the calendar as YYYY-MM-DD, or a time "
     "as "
     "YYYY-MM-DDThh:mm[:ss], got 20260311; where one bound is a date, all are"},
    {"by: fraction, test_fraction: 0.25",
     "by: column, column: day, train: {to: 2026-03-10}, test: {from: \"2026-03-10 12:00\"}",
     "c.yaml:11: data.split.test: overlaps train; an impression belongs to one split; from and to are "
     "inclusive"},
    {"by: fraction, test_fraction: 0.25",
     "by: column, column: day, train: {to: 2026-03-10}, test: {from: 2026-03-12, to: 2026-03-11}",
     "c.yaml:11: data.split.test: from lies behind to: got from 2026-03-12 to 2026-03-11; swap them"},
    {"by: fraction, test_fraction: 0.25", "by: source",
     "c.yaml:4: data.sources[0].split: missing: expected train, validation or test; split.by source needs it "
     "of \"log\""},
    {"test_fraction: 0.25", "test_fraction: 0.5, validation_fraction: 0.5",
     "c.yaml:11: data.split: validation_fraction and test_fraction leave nothing to train on: expected a sum "
     "below 1"},
    {"test_fraction: 0.25", "column: day",
     "c.yaml:11: data.split.column: used only with split.by column: got by fraction; remove it or change by"},
    // Fields.
    {"{name: price,", "{name: user,",
     "c.yaml:15: data.fields[2].name: \"user\" is there already; each entry needs one of its own"},
    {"shares: user", "shares: uesr",
     "c.yaml:14: data.fields[1].shares: no field is called \"uesr\"; did you mean \"user\"?"},
    {"shares: user", "shares: seen",
     "c.yaml:14: data.fields[1].shares: a field cannot name itself: got seen"},
    {"{name: user}", "{name: user, shares: price}",
     "c.yaml:14: data.fields[1].shares: \"user\" has no rows of its own: got it shares those of price; name "
     "price instead"},
    {"{name: user}", "{name: user, separator: \",\"}",
     "c.yaml:13: data.fields[0].separator: only a multi field has separator: got kind categorical; remove it "
     "or set kind: multi"},
    {"separator: \" \", ", "",
     "c.yaml:14: data.fields[1].separator: missing: expected what parts the values of a CSV column; only a "
     "Parquet "
     "column can be a list"},
    {"{name: user}", "{name: user, weights: w}",
     "c.yaml:13: data.fields[0].weights: only a multi field has weights: got kind categorical; remove it or "
     "set kind: multi"},
    {"{name: user}", "{name: user, pooling: sum}",
     "c.yaml:13: data.fields[0].pooling: only a multi field has pooling: got kind categorical; remove it or "
     "set kind: multi"},
    {"{name: user}", "{name: user, buckets: {count: 8}}",
     "c.yaml:13: data.fields[0].buckets: only a numeric field has buckets: got kind categorical; remove it "
     "or set kind: numeric"},
    {"{name: user}", "{name: user, cross: [user, price]}",
     "c.yaml:13: data.fields[0].cross: only a crossed field has cross: got kind categorical; remove it or "
     "set kind: crossed"},
    {"{name: user}", "{names: {a: b}}",
     "c.yaml:13: data.fields[0].names: unknown key; did you mean \"name\"?"},
    {"{name: user}", "{names: [user, id], tipe: integer}",
     "c.yaml:13: data.fields[0].tipe: unknown key; did you mean \"type\"?"},
    {"{name: user}", "{names: [user, id], pooling: sum}",
     "c.yaml:13: data.fields[0].pooling: only a multi field has pooling: got kind categorical; remove it or "
     "set kind: multi"},
    {"kind: numeric", "kind: number",
     "c.yaml:15: data.fields[2].kind: not one of the choices: expected categorical, multi, numeric or "
     "crossed, got number"},
    {"kind: numeric", "kind: numeric, buckets: {method: edges}",
     "c.yaml:15: data.fields[2].buckets.edges: is empty; method edges needs rising numbers"},
    {"kind: numeric", "kind: numeric, buckets: {method: edges, edges: [1, 1]}",
     "c.yaml:15: data.fields[2].buckets.edges: edges do not rise; order them, each once"},
    {"kind: numeric", "kind: numeric, buckets: {edges: [1, 2]}",
     "c.yaml:15: data.fields[2].buckets.edges: used only with method edges: got method quantiles"},
    {"kind: numeric", "kind: crossed, cross: [user]",
     "c.yaml:15: data.fields[2].cross: not a pair: expected two different fields, got user"},
    {"kind: numeric", "kind: crossed, cross: [user, user]",
     "c.yaml:15: data.fields[2].cross: not a pair: expected two different fields, got user and user"},
    {"kind: numeric", "kind: crossed, cross: [user, price]",
     "c.yaml:15: data.fields[2].cross: a field cannot name itself: got price"},
    {"kind: numeric", "kind: crossed, cross: [user, seen]",
     "c.yaml:15: data.fields[2].cross: \"seen\" cannot be crossed: expected a field with a single value, got "
     "kind multi"},
    {"kind: numeric", "kind: crossed, cross: [user, itm]",
     "c.yaml:15: data.fields[2].cross: no field is called \"itm\""},
    {"kind: numeric}", "kind: numeric}\n    - {name: x, kind: crossed, cross: [user, price], side: user}",
     "c.yaml:16: data.fields[3].side: \"user\" is of another side: got context; set side: context"},
    // Training.
    {"{run: run}", "{run: run, device: gpu}",
     "c.yaml:17: train.device: not a device: expected auto, cpu, cuda, cuda:0 or another LibTorch device, "
     "got gpu; did you mean \"cuda\"?"},
    {"{run: run}", "{run: run, device: \"cuda:x\"}",
     "c.yaml:17: train.device: not a device: expected auto, cpu, cuda, cuda:0 or another LibTorch device, "
     "got cuda:x"},
    {"{run: run}", "{run: run, early_stop: {metric: ctcvr.auc}}",
     "c.yaml:17: train.early_stop.metric: early stop needs a validation split; give data.split one or remove "
     "the metric"},
    {"{run: run}", "{run: run}\ncalibration: {method: platt}",
     "c.yaml:18: calibration.method: calibration needs a validation split; give data.split one or set the "
     "method "
     "to none"},
    {"{run: run}", "{run: run}\ncalibration: {method: isotonc}",
     "c.yaml:18: calibration.method: not one of the choices: expected none, platt or isotonic, got isotonc; "
     "did you "
     "mean \"isotonic\"?"},
    {"{run: run}", "{run: run, early_stop: {metric: auc}}",
     "c.yaml:17: train.early_stop.metric: not a metric: expected <head>.<metric>: head ctr, cvr, ctcvr or "
     "cvr_entire_space; metric auc, gauc, logloss, normalized_entropy or ece, got auc"},
    {"{run: run}", "{run: run, impressions_per_user: 10}",
     "c.yaml:17: train.impressions_per_user: there is nothing to look up once a user: expected fields of the "
     "user, with side: user, and others, got others alone; give the user's fields their side, or set it to "
     "0"},
    {"{run: run}", "{run: prepared}",
     "c.yaml:17: train.run: the same folder as data.path: got /conf/prepared; a run needs a folder of its "
     "own"},
    // Comparison.
    {"{name: plain, method: base}", "{name: plain}",
     "c.yaml:20: compare.entries[0].method: missing; it is required"},
    {"{name: plain, method: base}", "{name: a/b, method: base}",
     "c.yaml:20: compare.entries[0].name: names no folder: expected letters, digits, _, - and ., got a/b"},
    {"{name: plain, method: base}", "{name: .., method: base}",
     "c.yaml:20: compare.entries[0].name: names no folder: expected letters, digits, _, - and ., got .."},
    {"{name: plain, method: base}", "{name: dropout, method: base}",
     "c.yaml:21: compare.entries[1].name: \"dropout\" is there already; each entry needs one of its own"},
    {"[model.dropout=0.2]", "[train.seed=2]",
     "c.yaml:21: compare.entries[1].set[0]: not a setting of an entry: expected a key of model or train but "
     "model.method, train.run and train.seed, got train.seed=2"},
    {"[model.dropout=0.2]", "[data.path=other]",
     "c.yaml:21: compare.entries[1].set[0]: not a setting of an entry: expected a key of model or train but "
     "model.method, train.run and train.seed, got data.path=other"},
};

}  // namespace

TEST_CASE("each mistake gives exactly one clear line, with file, line and key") {
  REQUIRE(problems_of(kValid).empty());
  for (const Mistake& mistake : kMistakes) {
    INFO(mistake.from << "  ->  " << mistake.to);
    CHECK(problems_of(valid_with(mistake.from, mistake.to)) == std::vector<std::string>{mistake.line});
  }
}

TEST_CASE("several mistakes are all told at once, in the file's order") {
  std::string text = valid_with("[8, 4]", "[8, 0], dropuot: 1");
  text.replace(text.find("kind: multi"), 11, "kind: mutli");
  text.replace(text.find("conversion: buy"), 15, "conversion: click");
  const std::vector<std::string> expected{
      "--set: train.epochs: out of bounds: expected a number >= 1, got 0",
      "c.yaml:10: data.labels.conversion: the same column as click: got click",
      "c.yaml:14: data.fields[1].kind: not one of the choices: expected categorical, multi, numeric or "
      "crossed, got mutli; "
      "did you mean \"multi\"?",
      "c.yaml:16: model.layers[1]: out of bounds: expected a number in [1, 65536], got 0",
      "c.yaml:16: model.dropuot: unknown key; did you mean \"dropout\"?"};
  CHECK(problems_of(text, {"train.epochs=0"}) == expected);
}

TEST_CASE("an empty file lacks what is required") {
  CHECK(problems_of("") ==
        std::vector<std::string>{"c.yaml:1: data.path: missing; it is required",
                                 "c.yaml:1: data.sources: missing; it is required",
                                 "c.yaml:1: data.labels.click: missing; it is required",
                                 "c.yaml:1: data.labels.conversion: missing; it is required",
                                 "c.yaml:1: data.fields: missing; it is required",
                                 "c.yaml:1: train.run: missing; it is required"});
}

TEST_CASE("what is not a config is one line") {
  CHECK(problems_of("just text") ==
        std::vector<std::string>{"c.yaml:1: wrong type: expected keys with values, got just text"});
  CHECK(problems_of(std::string(1000, 'x')) ==
        std::vector<std::string>{"c.yaml:1: wrong type: expected keys with values, got " +
                                 std::string(80, 'x') + "…"});
  CHECK(problems_of("a: 1\n---\nb: 1\n") ==
        std::vector<std::string>{"c.yaml:3: more than one YAML document; remove the line ---, or "
                                 "quote a text that holds a comma"});
  for (const char* text : {",", "# a comment\n,", "{a: 1},b", "\"a\" ,b"})
    CHECK_THAT(problems_of(text).at(0), Catch::Contains("more than one YAML document"));
  CHECK(problems_of("? [a]\n: 1\n") ==
        std::vector<std::string>{"c.yaml:1: a key is not a plain word; write keys as name: value"});
  CHECK(
      problems_of("a: &a [*a]\n") ==
      std::vector<std::string>{"c.yaml:1: YAML is nested too deeply; an alias (*name) may not hold itself"});
}

TEST_CASE("a missing config file is a mistake of usage") {
  try {
    esmm::load_config("/nowhere/c.yaml");
    FAIL("it was read");
  } catch (const esmm::ConfigError& error) {
    CHECK(error.exit_code() == 2);
    CHECK(error.problems().at(0).line() ==
          "/nowhere/c.yaml: cannot be read: got no such file; check the path");
  }
}

TEST_CASE("format ali_ccp has its own label columns") {
  std::string text = valid_with("paths: log.csv", "paths: log.csv, common: c.csv, format: ali_ccp");
  text.replace(text.find("    - {name: users"), 54, "");
  text.replace(text.find("  joins:"), text.find("  derived:") - text.find("  joins:"), "");
  CHECK(problems_of(text) ==
        std::vector<std::string>{"c.yaml:8: data.labels.conversion: format ali_ccp has no such column: "
                                 "expected click or conversion, got buy"});
}

TEST_CASE("a method that is not registered is told with the other mistakes") {
  const auto lines = [](const std::string& text) {
    try {
      esmm::parse_config(text, "c.yaml", "/conf", {}, {"esmm", "base"});
    } catch (const esmm::ConfigError& error) {
      return error.problems();
    }
    return std::vector<esmm::Problem>{};
  };
  CHECK(lines(kValid).empty());
  const auto problems = lines(valid_with("{layers: [8, 4]}", "{method: esm, dropout: 2}"));
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].line().find("model.method: unknown method: expected esmm or base, got esm") !=
        std::string::npos);
}
