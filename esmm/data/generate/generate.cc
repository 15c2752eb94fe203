#include "esmm/data/generate/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/core/progress.h"
#include "esmm/data/generate/generate_text.h"
#include "esmm/data/generate/generate_truth.h"
#include "esmm/data/generate/generate_world.h"

namespace esmm::data {
namespace fs = std::filesystem;

namespace {

template <typename Number>
void check_range(std::vector<Problem>& problems, const char* option, Number value, Number least,
                 Number most) {
  if (value >= least && value <= most) return;
  problems.push_back({.what = "option out of range",
                      .where = option,
                      .expected = fmt::format("{} to {}", least, most),
                      .got = fmt::format("{}", value),
                      .hint = {}});
}

void check(const GenerateOptions& options) {
  std::vector<Problem> problems;
  check_range<int64_t>(problems, "impressions", options.impressions, 10, 1'000'000'000'000);
  check_range<int64_t>(problems, "users", options.users, 2, 1'000'000'000);
  check_range<int64_t>(problems, "items", options.items, 2, 100'000'000);
  check_range(problems, "test_fraction", options.test_fraction, 0.01, 0.99);
  check_range(problems, "ctr", options.ctr, 1e-6, 1 - 1e-6);
  check_range(problems, "cvr", options.cvr, 1e-6, 1 - 1e-6);
  check_range(problems, "selection_bias", options.selection_bias, -1.0, 1.0);
  if (!problems.empty()) throw ConfigError(std::move(problems));
}

class Generator {
 public:
  Generator(const GenerateOptions& options, const fs::path& out, bool show_progress)
      : options_(options),
        out_(out),
        world_(options),
        truth_(world_, options),
        writer_(world_, options.seed),
        progress_("generate", "impressions", options.impressions, show_progress) {}

  GenerateReport run() {
    const auto test_rows =
        std::clamp<int64_t>(std::llround(options_.test_fraction * static_cast<double>(options_.impressions)),
                            1, options_.impressions - 1);
    write(out_ / "truth.csv", [&](TextFile& truth) {
      truth.put("sample_id,p_ctr,p_cvr");
      truth.end_line();
      write_split("train", kTrainStream, options_.impressions - test_rows, truth);
      write_split("test", kTestStream, test_rows, truth);
    });
    progress_.finish();
    return report_;
  }

 private:
  static constexpr uint64_t kTrainStream = 101, kTestStream = 102;

  template <typename Fill>
  static void write(const fs::path& path, Fill fill) {
    write_atomically(path, [&](const fs::path& temporary) {
      TextFile file(temporary);
      fill(file);
      file.close();
    });
  }

  void write_split(const std::string& split, uint64_t stream, int64_t rows, TextFile& truth) {
    std::vector<bool> seen(static_cast<size_t>(options_.users));
    write(out_ / ("sample_skeleton_" + split + ".csv"), [&](TextFile& skeleton) {
      Sessions sessions(world_, options_.seed, stream);
      for (int64_t row = 0; row < rows; ++row) {
        write_impression(sessions, skeleton, truth);
        seen[sessions.user().number] = true;
      }
    });
    write(out_ / ("common_features_" + split + ".csv"), [&](TextFile& common) {
      GeneratedUser user;
      for (int64_t number = 0; number < options_.users; ++number) {
        if (!seen[number]) continue;
        world_.make_user(number, user);
        writer_.common(common, user);
      }
    });
  }

  void write_impression(Sessions& sessions, TextFile& skeleton, TextFile& truth) {
    const GeneratedImpression impression = sessions.next();
    const TrueProbabilities p = truth_.of(sessions.user(), world_.item(impression.item), impression.position);
    // Both are drawn every time, so that neither depends on the other but through the two probabilities.
    const bool click = sessions.random().uniform() < p.p_ctr;
    const bool would_convert = sessions.random().uniform() < p.p_cvr;
    const bool conversion = click && would_convert;

    const int64_t sample_id = ++report_.impressions;
    report_.clicks += click;
    report_.conversions += conversion;
    writer_.skeleton(skeleton, sample_id, click, conversion, sessions.user(), impression);
    truth.put(sample_id);
    truth.put(',');
    truth.put_probability(p.p_ctr);
    truth.put(',');
    truth.put_probability(p.p_cvr);
    truth.end_line();
    constexpr int64_t kRowsBetweenUpdates = 8192;
    if (sample_id % kRowsBetweenUpdates == 0) progress_.update(sample_id);
  }

  GenerateOptions options_;
  fs::path out_;
  World world_;
  Truth truth_;
  AliCcpWriter writer_;
  Progress progress_;
  GenerateReport report_;
};

// A log beside the truth of an older one would be wrong without a sign of it.
void remove_older(const fs::path& out) {
  for (const char* name : {"truth.csv", "sample_skeleton_train.csv", "sample_skeleton_test.csv",
                           "common_features_train.csv", "common_features_test.csv"}) {
    std::error_code ignored;
    fs::remove(out / name, ignored);
  }
}

}  // namespace

GenerateReport generate(const GenerateOptions& options, const fs::path& out, bool show_progress) {
  check(options);
  remove_older(out);
  return Generator(options, out, show_progress).run();
}

}  // namespace esmm::data
