#include "esmm/serve/http_server.h"

#include <httplib.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "esmm/core/error.h"
#include "tests/serve/test_schema.h"

using esmm::Prediction;
using esmm::serve::HttpServer;
using esmm::serve::HttpServerOptions;
using esmm::serve::ServedModel;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr const char* kInfer = "/v2/models/demo/infer";
constexpr const char* kJson = "application/json";
constexpr const char* kTwoRows =
    R"({"id": "a", "inputs": [{"name": "item", "datatype": "INT64", "shape": [2], "data": [5, 6]}]})";

// Says 0.25, 0.5 and 0.125 of every row.
Prediction constant(const esmm::KeyBags& keys) {
  const auto rows = static_cast<size_t>(keys.bags() / 6);
  return {std::vector<float>(rows, 0.25f), std::vector<float>(rows, 0.5f), std::vector<float>(rows, 0.125f)};
}

// A server on a free port in a thread of its own, with the models "demo" and "broken", whose score throws.
class RunningServer {
 public:
  explicit RunningServer(HttpServerOptions options = {},
                         std::function<Prediction(const esmm::KeyBags&)> score = constant)
      : server_(models(std::move(score)), on_any_port(options)),
        thread_([this] { server_.run(); }),
        client("127.0.0.1", server_.port()) {}
  ~RunningServer() {
    client.stop();
    server_.stop();
    thread_.join();
  }

  HttpServer& server() { return server_; }

 private:
  static HttpServerOptions on_any_port(HttpServerOptions options) {
    options.port = 0;
    return options;
  }
  static std::vector<ServedModel> models(std::function<Prediction(const esmm::KeyBags&)> score) {
    return {{"demo", esmm::test::serving_schema(), std::move(score)},
            {"broken", esmm::test::serving_schema(),
             [](const esmm::KeyBags&) -> Prediction { throw std::runtime_error("out of order"); }}};
  }

  HttpServer server_;
  std::thread thread_;

 public:
  httplib::Client client;
};

void check_error(const httplib::Result& result, int status, const std::string& text) {
  REQUIRE(result);
  CHECK(result->status == status);
  CHECK(result->get_header_value("Content-Type") == kJson);
  CHECK_THAT(json::parse(result->body).at("error").get<std::string>(), Catch::Contains(text));
}

}  // namespace

TEST_CASE("an infer request over HTTP is answered with one probability per row") {
  RunningServer running;
  for (const char* path : {kInfer, "/v2/models/demo/versions/1/infer"}) {
    const auto result = running.client.Post(path, kTwoRows, kJson);
    REQUIRE(result);
    CHECK(result->status == 200);
    CHECK(json::parse(result->body) ==
          json::parse(R"({"model_name": "demo", "model_version": "1", "id": "a", "outputs": [
        {"name": "pctr", "datatype": "FP32", "shape": [2], "data": [0.25, 0.25]},
        {"name": "pcvr", "datatype": "FP32", "shape": [2], "data": [0.5, 0.5]},
        {"name": "pctcvr", "datatype": "FP32", "shape": [2], "data": [0.125, 0.125]}]})"));
  }
}

TEST_CASE("health and metadata are answered") {
  RunningServer running;
  for (const char* path : {"/v2/health/live", "/v2/health/ready"}) {
    const auto result = running.client.Get(path);
    REQUIRE(result);
    CHECK(result->status == 200);
  }
  CHECK(json::parse(running.client.Get("/v2")->body).at("name") == "esmm-serve");
  CHECK(json::parse(running.client.Get("/v2/models/demo")->body).at("inputs").size() == 6);
  CHECK(json::parse(running.client.Get("/v2/models/demo/versions/1")->body).at("name") == "demo");
  CHECK(json::parse(running.client.Get("/v2/models/demo/ready")->body) ==
        json::parse(R"({"name": "demo", "ready": true})"));
}

TEST_CASE("what cannot be answered is an error in JSON, and the connection goes on") {
  RunningServer running;
  running.client.set_keep_alive(true);
  check_error(running.client.Post(kInfer, "{", kJson), 400, "malformed JSON");
  check_error(running.client.Post("/v2/models/demi/infer", kTwoRows, kJson), 404,
              "no such model: expected demo, broken, got demi");
  check_error(running.client.Post("/v2/models/demo/versions/2/infer", kTwoRows, kJson), 404,
              "has no such version: expected 1, got 2");
  check_error(running.client.Get("/v2/nothing"), 404, "no such endpoint: GET /v2/nothing");
  check_error(running.client.Post("/v2/models/broken/infer", kTwoRows, kJson), 500, "internal error");
  check_error(running.client.Post(kInfer, httplib::MultipartFormDataItems{{"a", "b", "", ""}}), 415,
              "expected application/json");
  CHECK(running.client.Post(kInfer, kTwoRows, kJson)->status == 200);
}

TEST_CASE("a body over the limit is refused, whether its length is announced, chunked or compressed") {
  RunningServer running({.max_body_bytes = 1000});
  running.client.set_keep_alive(true);
  const std::string body = kTwoRows + std::string(100'000, ' ');
  check_error(running.client.Post(kInfer, body, kJson), 413, "at most 1000 bytes");
  const auto chunks = [&](size_t offset, httplib::DataSink& sink) {
    if (offset >= body.size()) {
      sink.done();
      return true;
    }
    return sink.write(body.data() + offset, std::min<size_t>(body.size() - offset, 5000));
  };
  check_error(running.client.Post(kInfer, chunks, kJson), 413, "at most 1000 bytes");
  running.client.set_compress(true);
  check_error(running.client.Post(kInfer, body, kJson), 413, "at most 1000 bytes");
  CHECK(running.client.Post(kInfer, kTwoRows, kJson)->status == 200);
}

TEST_CASE("a port that another server has is refused") {
  RunningServer running;
  HttpServerOptions options;
  options.port = running.server().port();
  CHECK_THROWS_WITH(HttpServer({}, options),
                    Catch::Contains("127.0.0.1:" + std::to_string(options.port) + ": cannot listen"));
}

TEST_CASE("a request in flight is answered before the server ends") {
  std::promise<void> started, release;
  RunningServer running({}, [&](const esmm::KeyBags& keys) {
    started.set_value();
    release.get_future().wait();
    return constant(keys);
  });
  auto answer = std::async(std::launch::async, [&] { return running.client.Post(kInfer, kTwoRows, kJson); });
  started.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { running.server().stop(); });
  std::this_thread::sleep_for(50ms);
  release.set_value();
  const httplib::Result result = answer.get();
  REQUIRE(result);
  CHECK(result->status == 200);
}

TEST_CASE("a server that is stopped before it runs ends at once") {
  HttpServer server({}, {.port = 0});
  server.stop();
  server.run();
  SUCCEED();
}

TEST_CASE("32 clients at a time each get their own answer") {
  RunningServer running({}, [](const esmm::KeyBags& keys) {
    Prediction prediction = constant(keys);
    prediction.p_ctr.assign(prediction.p_ctr.size(), 1.0f / static_cast<float>(prediction.p_ctr.size()));
    return prediction;
  });
  std::vector<std::future<int>> clients;
  for (int rows = 1; rows <= 32; ++rows) {
    clients.push_back(std::async(std::launch::async, [&running, rows] {
      httplib::Client client("127.0.0.1", running.server().port());
      client.set_keep_alive(true);
      client.set_tcp_nodelay(true);
      const json item = {{"name", "item"},
                         {"datatype", "INT64"},
                         {"shape", {rows}},
                         {"data", std::vector<int>(static_cast<size_t>(rows), 5)}};
      const std::string body = json{{"inputs", {item}}}.dump();
      int right = 0;
      for (int i = 0; i < 20; ++i) {
        const auto result = client.Post(kInfer, body, kJson);
        right += result && json::parse(result->body).at("outputs").at(0).at("data").at(0).get<float>() ==
                               1.0f / static_cast<float>(rows);
      }
      return right;
    }));
  }
  for (auto& client : clients) CHECK(client.get() == 20);
}
