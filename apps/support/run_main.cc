#include "apps/support/run_main.h"

#include <exception>
#include <iostream>
#include <new>
#include <system_error>

#include "esmm/core/error.h"

namespace esmm::apps {
namespace {

void print(const std::string& program, const std::string& line) {
  std::cerr << program << ": " << line << std::endl;
}

// Where none is given, those that there are.
std::string choice_of_commands(const CLI::App& app) {
  std::string names;
  if (!app.get_subcommands().empty()) return names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names += (names.empty() ? "; commands: " : ", ") + command->get_name();
  return names;
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
  try {
    app.parse(argc, argv);
    run();
    return 0;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::string command = program;
    for (const CLI::App* subcommand : app.get_subcommands()) command += " " + subcommand->get_name();
    print(program, std::string(error.what()) + "; see " + command + " --help" + choice_of_commands(app));
    return kExitUsage;
  } catch (const Error& error) {
    for (const Problem& problem : error.problems()) print(program, problem.line());
    return error.exit_code();
  } catch (const std::bad_alloc&) {
    print(program, "out of memory; use a smaller train.batch_size, model.dimension or vocabulary");
    return kExitFailed;
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::resource_unavailable_try_again) return internal_error(program, error);
    print(program,
          "a thread could not be started; use fewer (--threads), or raise the limit (ulimit -u, ulimit -v)");
    return kExitFailed;
  } catch (const std::exception& error) {
    return internal_error(program, error);
  }
}

}  // namespace esmm::apps
