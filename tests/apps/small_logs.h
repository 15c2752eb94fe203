#pragma once

#include <fmt/format.h>

#include <string>

#include "esmm/core/file.h"
#include "tests/support/temporary_folder.h"

namespace esmm::test {

// Logs of few impressions, every second one clicked, every fourth one converted, and a config for them.
struct SmallLogs {
  TemporaryFolder folder;

  explicit SmallLogs(const std::string& split = "{by: fraction, test_fraction: 0.25}", int count = 40) {
    std::string rows = "user,item,click,conversion\n";
    for (int i = 0; i < count; ++i) {
      rows += fmt::format("u{},i{},{},{}\n", i % 7, i % 5, i % 2 == 0 ? 1 : 0, i % 4 == 0 ? 1 : 0);
    }
    write_file(folder / "log.csv", rows);
    write_file(folder / "config.yaml",
               "data:\n  path: prepared\n  sources: [{name: log, paths: log.csv}]\n"
               "  labels: {click: click, conversion: conversion}\n  split: " +
                   split +
                   "\n  fields: [{name: user}, {name: item}]\n"
                   "model: {layers: [4]}\ntrain: {run: run, device: cpu}\n");
  }

  std::string config() const { return (folder / "config.yaml").string(); }
  // Puts another text for each occurrence of one in the logs.
  void change(const std::string& from, const std::string& to) const {
    std::string text = read_file(folder / "log.csv");
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
    write_file(folder / "log.csv", text);
  }
};

}  // namespace esmm::test
