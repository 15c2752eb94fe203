#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "esmm/config/calibration_config.h"
#include "esmm/config/compare_config.h"
#include "esmm/config/data_config.h"
#include "esmm/config/model_config.h"
#include "esmm/config/train_config.h"
#include "esmm/config/tune_config.h"

namespace esmm {

// One YAML file: sections data, model, train; calibration where it is wanted; compare and tune, where those
// commands are used.
struct Config {
  DataConfig data;
  ModelConfig model;
  TrainConfig train;
  CalibrationConfig calibration;
  CompareConfig compare;
  TuneConfig tune;
};

// Reads a config; `extends: other.yaml` at its top lays it over another one of the same folder. Relative
// paths become absolute, against the file's folder; ${NAME} and ${NAME:-default} in paths are taken from the
// environment. overrides: "key.path=value" as --set gives them (YAML values). Throws ConfigError with every
// problem that can be seen without reading data: unknown key (with the nearest known one), wrong type, out of
// bounds, missing key, contradictions. The file's line is named where there is one. methods: what
// model.method and the methods of compare.entries may be; empty: not checked.
Config load_config(const std::filesystem::path& file, const std::vector<std::string>& overrides = {},
                   const std::vector<std::string>& methods = {});

// The same from text; `origin` stands for the file's name in messages, relative paths resolve against
// `folder`.
Config parse_config(const std::string& text, const std::string& origin, const std::filesystem::path& folder,
                    const std::vector<std::string>& overrides = {},
                    const std::vector<std::string>& methods = {});

// Throws ConfigError naming every raw file that is missing and every glob without a match. load_config does
// not look: a config outlives its raw data.
void check_sources(const Config& config);

// The resolved config as YAML: every key with its value. parse_config(dump_config(c)) gives c again.
std::string dump_config(const Config& config);

// A page of Markdown: every key with type, default, bounds and meaning.
std::string document_config();

}  // namespace esmm
