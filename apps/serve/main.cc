#include <iostream>
#include <string>
#include <vector>

#include "apps/support/run_main.h"
#include "esmm/core/log.h"
#include "esmm/serve/http_server.h"
#include "esmm/serve/served_model.h"
#include "esmm/serve/signal_watch.h"

int main(int argc, char** argv) {
  using namespace esmm::serve;  // NOLINT: the program's own
  CLI::App app{"Serves exported models over HTTP: Open Inference Protocol v2.", "esmm-serve"};
  std::vector<std::string> models;
  HttpServerOptions options;
  esmm::PredictorOptions predictor;
  std::string log_level = "info";
  app.add_option("models", models, "Exported files: FILE, whose name names the model, or NAME=FILE")
      ->required();
  app.option_defaults()->always_capture_default();
  app.add_option("--http-port", options.port, "Port; 0: any free one")->check(CLI::Range(0, 65535));
  app.add_option("--host", options.host, "Address to listen on; 0.0.0.0: all of this machine's");
  app.add_option("--connections", options.connections, "Connections served at the same time")
      ->check(CLI::Range(1, 4096));
  app.add_option("--max-rows", options.limits.max_rows, "Rows in one request")
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--threads", predictor.threads,
                 "Threads that share the work of one request; 0: as LibTorch chooses")
      ->check(CLI::Range(0, 4096));
  app.add_option("--log-level", log_level, "debug, info, warn, error or off")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}));

  return esmm::apps::run_main(app, argc, argv, [&] {
    esmm::log::start(log_level);
    SignalWatch signals;  // before LibTorch starts threads
    HttpServer server(load_models(models, predictor), options);
    signals.start([&] { server.stop(); });
    // For scripts, which read the port here.
    std::cout << "listening on http://" << options.host << ":" << server.port() << std::endl;
    server.run();
  });
}
