#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace esmm::apps {

// Adds --version, parses the command line and runs `run`. Turns what went wrong into one line per problem on
// stderr and an exit code: 0 done, 1 failed, 2 bad usage or config, 130 interrupted.
int run_main(CLI::App& app, int argc, char** argv, const std::function<void()>& run);

}  // namespace esmm::apps
