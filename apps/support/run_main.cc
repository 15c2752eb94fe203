#include "apps/support/run_main.h"

#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/nearest.h"

namespace esmm::apps {
namespace {

void print(const std::string& program, const std::string& line) {
  std::cerr << program << ": " << line << std::endl;
}

// What no command or option took, in the order of the command line (CLI11's own text turns it around).
std::vector<std::string> extras(const CLI::App& app) {
  std::vector<std::string> words = app.remaining();
  for (const CLI::App* command : app.get_subcommands()) {
    const std::vector<std::string> more = extras(*command);
    words.insert(words.end(), more.begin(), more.end());
  }
  return words;
}

// Where no command is given: the one that was probably meant, or those that there are.
std::string choice_of_commands(const CLI::App& app) {
  if (!app.get_subcommands().empty()) return {};
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (names.empty()) return {};
  const std::vector<std::string> words = app.remaining();
  const std::string hint = words.empty() ? "" : did_you_mean(words.front(), names);
  return "; " + (hint.empty() ? "commands: " + CLI::detail::join(names, ", ") : hint);
}

std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const bool unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  std::string command = app.get_name();
  for (const CLI::App* subcommand : app.get_subcommands()) command += " " + subcommand->get_name();
  return (unknown ? "not expected: " + CLI::detail::join(extras(app), " ") : error.what()) + "; see " +
         command + " --help" + choice_of_commands(app);
}

// In LibTorch's words, of a GPU and of the CPU.
bool out_of_memory(const std::string& error) {
  return error.starts_with("CUDA out of memory") ||
         error.find("DefaultCPUAllocator: can't allocate memory") != std::string::npos;
}

int no_memory(const std::string& program) {
  print(program, "out of memory; use a smaller train.batch_size, model.dimension or vocabulary");
  return kExitFailed;
}

int internal_error(const std::string& program, const std::exception& error) {
  const std::string text = error.what();
  print(program,
        "internal error: " + text.substr(0, text.find('\n')) + "; please report it with the command");
  return kExitFailed;
}

}  // namespace

int run_main(CLI::App& app, int argc, char** argv, const std::function<void()>& run) {
  const std::string program = app.get_name();
  app.set_version_flag("--version", program + " " + ESMM_VERSION, "Print the version and exit");
  try {
    app.parse(argc, argv);
    run();
    return 0;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    print(program, usage_error(app, error));
    return kExitUsage;
  } catch (const Error& error) {
    for (const Problem& problem : error.problems()) print(program, problem.line());
    return error.exit_code();
  } catch (const std::bad_alloc&) {
    return no_memory(program);
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::resource_unavailable_try_again) return internal_error(program, error);
    print(program,
          "a thread could not be started; use fewer (--threads), or raise the limit (ulimit -u, ulimit -v)");
    return kExitFailed;
  } catch (const std::exception& error) {
    return out_of_memory(error.what()) ? no_memory(program) : internal_error(program, error);
  }
}

}  // namespace esmm::apps
