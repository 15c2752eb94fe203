#include "esmm/serve/http_server.h"

#include <httplib.h>

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <string_view>
#include <thread>
#include <utility>

#include "esmm/core/error.h"
#include "esmm/core/log.h"
#include "esmm/serve/inference_response.h"
#include "esmm/serve/request_error.h"

namespace esmm::serve {
namespace {

constexpr const char* kJson = "application/json";
constexpr const char* kModelPath = R"(/v2/models/([^/]+)(?:/versions/([^/]+))?)";

// httplib lets five connections wait to be accepted; more clients that connect at once would each lose
// seconds.
class Listener : public httplib::Server {
 public:
  void lengthen_queue() { ::listen(svr_sock_, 1024); }
};

struct Endpoint {
  ServedModel model;
  RequestReader reader;
};

// httplib's own default also sets SO_REUSEPORT, with which a second server would share the port unnoticed.
void reuse_address(socket_t socket) {
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
}

// A message may quote the request; what it quotes may be the whole body.
void answer_error(httplib::Response& response, int status, std::string_view message) {
  constexpr size_t kLongest = 1000;
  response.status = status;
  response.set_content(error_response(message.substr(0, kLongest)), kJson);
}

// The body, decompressed. What lies beyond the limit is read and dropped, so that the connection stays
// usable.
std::string read_body(const httplib::Request& request, httplib::Response& response,
                      const httplib::ContentReader& reader, int64_t limit) {
  if (request.is_multipart_form_data()) {
    reader([](const httplib::MultipartFormData&) { return true; }, [](const char*, size_t) { return true; });
    throw RequestError(415, {.what = "bad content type", .expected = kJson, .got = "multipart/form-data"});
  }
  std::string body;
  bool oversized = false;
  const bool complete = reader([&](const char* data, size_t size) {
    oversized = oversized || body.size() + size > static_cast<size_t>(limit);
    if (!oversized) body.append(data, size);
    return true;
  });
  if (oversized || response.status == 413) {
    throw too_large({.what = "the body is too large",
                     .expected = "at most " + std::to_string(limit) + " bytes",
                     .hint = "send the rows in several requests"});
  }
  if (!complete) throw bad_request({.what = "the body cannot be read to its end"});
  return body;
}

std::string infer(const Endpoint& endpoint, const std::string& body) {
  const InferenceRequest request = endpoint.reader.read(body);
  return infer_response(endpoint.model.name, request, endpoint.model.score(request.keys));
}

}  // namespace

struct HttpServer::State {
  HttpServerOptions options;
  std::vector<Endpoint> endpoints;
  Listener server;
  int port = 0;
  std::atomic<bool> running{false};
  std::atomic<bool> stopping{false};

  // The model that a path names. Throws RequestError (404).
  const Endpoint& endpoint_of(const httplib::Request& request) const;
  // Runs answer(), which gives the JSON to send; errors become answers.
  template <class Answer>
  void reply(httplib::Response& response, const Answer& answer) const;
  void add_routes();
  void bind();
};

const Endpoint& HttpServer::State::endpoint_of(const httplib::Request& request) const {
  const std::string name = request.matches[1];
  const std::string version = request.matches[2];
  std::string names;
  for (const Endpoint& endpoint : endpoints) {
    names += (names.empty() ? "" : ", ") + endpoint.model.name;
    if (endpoint.model.name != name) continue;
    if (version.empty() || version == kModelVersion) return endpoint;
    throw RequestError(404, {.what = "model '" + name + "' has no such version",
                             .expected = std::string(kModelVersion),
                             .got = version});
  }
  throw RequestError(404, {.what = "no such model", .expected = names, .got = name});
}

template <class Answer>
void HttpServer::State::reply(httplib::Response& response, const Answer& answer) const {
  try {
    response.set_content(answer(), kJson);
  } catch (const RequestError& error) {
    answer_error(response, error.status(), error.what());
  } catch (const Error& error) {
    answer_error(response, 400, error.what());
  } catch (const std::exception& error) {
    log::warn("a request failed: {}", error.what());
    answer_error(response, 500, "internal error; see the server's log");
  }
}

void HttpServer::State::add_routes() {
  using httplib::Request;
  using httplib::Response;
  const std::string model_path = kModelPath;
  for (const char* path : {"/v2/health/live", "/v2/health/ready"}) {
    server.Get(path, [this](const Request&, Response& response) {
      reply(response, [] { return std::string("{}"); });
    });
  }
  server.Get("/v2/?", [this](const Request&, Response& response) {
    reply(response, [] { return server_metadata(); });
  });
  server.Get(model_path, [this](const Request& request, Response& response) {
    reply(response, [&] {
      const ServedModel& model = endpoint_of(request).model;
      return model_metadata(model.name, model.schema);
    });
  });
  server.Get(model_path + "/ready", [this](const Request& request, Response& response) {
    reply(response, [&] { return model_ready(endpoint_of(request).model.name); });
  });
  server.Post(model_path + "/infer",
              [this](const Request& request, Response& response, const httplib::ContentReader& reader) {
                reply(response, [&] {
                  const std::string body = read_body(request, response, reader, options.max_body_bytes);
                  return infer(endpoint_of(request), body);
                });
              });
  server.set_error_handler([](const Request& request, Response& response) {
    if (!response.body.empty()) return;
    const bool unknown = response.status == 404;
    answer_error(
        response, response.status,
        unknown ? "no such endpoint: " + request.method + " " + request.path : "the request cannot be read");
  });
}

void HttpServer::State::bind() {
  if (options.port == 0) {
    port = server.bind_to_any_port(options.host);
  } else if (server.bind_to_port(options.host, options.port)) {
    port = options.port;
  }
  if (port > 0) return server.lengthen_queue();
  throw Error(Problem{
      .what = "cannot listen",
      .where = options.host + ":" + std::to_string(options.port),
      .hint = "is the port taken, or the host another machine's? choose another with --http-port or --host"});
}

HttpServer::HttpServer(std::vector<ServedModel> models, const HttpServerOptions& options)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.options = options;
  for (ServedModel& model : models) {
    RequestReader reader(model.schema, options.limits);
    state.endpoints.push_back({std::move(model), std::move(reader)});
  }
  state.server.set_tcp_nodelay(true);
  state.server.set_keep_alive_max_count(std::numeric_limits<size_t>::max());
  state.server.set_payload_max_length(static_cast<size_t>(options.max_body_bytes));
  state.server.set_socket_options(reuse_address);
  state.server.new_task_queue = [threads = options.connections] {
    return new httplib::ThreadPool(static_cast<size_t>(threads));
  };
  state.add_routes();
  state.bind();
}

HttpServer::~HttpServer() = default;

int HttpServer::port() const { return state_->port; }

void HttpServer::run() {
  state_->running = true;
  // Either this sees that stop() was called, or stop() sees that this runs.
  if (!state_->stopping) state_->server.listen_after_bind();
  state_->running = false;
}

void HttpServer::stop() {
  state_->stopping = true;
  // httplib forgets a stop() that comes before it listens.
  while (state_->running && !state_->server.is_running())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  state_->server.stop();
}

}  // namespace esmm::serve
