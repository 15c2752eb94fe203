#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "esmm/serve/inference_request.h"
#include "esmm/serve/served_model.h"

namespace esmm::serve {

struct HttpServerOptions {
  std::string host = "127.0.0.1";
  int port = 8000;       // 0: any free one
  int connections = 64;  // served at the same time; more wait. Each holds a thread.
  int64_t max_body_bytes = int64_t{32} << 20;
  RequestLimits limits{};
};

// Open Inference Protocol v2 over HTTP:
//   GET  /v2/health/live, /v2/health/ready, /v2
//   GET  /v2/models/NAME[/versions/1], …/ready
//   POST /v2/models/NAME[/versions/1]/infer
// What goes wrong is answered by {"error": "…"} and 400, 404, 413, 415 or 500.
class HttpServer {
 public:
  // Binds the port. Throws Error where it is taken or the host is not this machine's.
  HttpServer(std::vector<ServedModel> models, const HttpServerOptions& options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;

  // Answers requests until stop().
  void run();

  // From any thread, also before run(): lets requests in flight finish (idle connections: five seconds), then
  // run() returns.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace esmm::serve
