#include "report/serve.h"

#include <httplib.h>

#include <chrono>
#include <exception>
#include <thread>

#include "core/error.h"

namespace actlab {
namespace {

constexpr char kLoopback[] = "127.0.0.1";

bool own_host(const httplib::Request& request, int port) {
  const std::string host = request.get_header_value("Host");
  const std::string number = ":" + std::to_string(port);
  return host == kLoopback + number || host == "localhost" + number;
}

void answer(const Serving& serving, const httplib::Request& request, httplib::Response& response, int port) {
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("X-Frame-Options", "DENY");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("Cross-Origin-Resource-Policy", "same-origin");
  response.set_header("Cache-Control", "no-store");
  if (!own_host(request, port)) {
    response.status = 403;
    response.set_content("403: this address is not ours\n", "text/plain");
    return;
  }
  if (request.method != "GET" || request.path != "/") {
    response.status = request.method == "GET" ? 404 : 405;
    response.set_content("there is only GET /\n", "text/plain");
    return;
  }
  try {
    response.set_content(serving.page(), "text/html; charset=utf-8");
  } catch (const std::exception& e) {
    response.status = 500;
    response.set_content(std::string(e.what()) + "\n", "text/plain; charset=utf-8");
  }
}

// A thread that answers, until the end of its life.
class Listening {
 public:
  explicit Listening(httplib::Server& server)
      : server_(server), thread_([&server] { server.listen_after_bind(); }) {
    // Before that, stop() would be forgotten.
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~Listening() { server_.stop(); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  httplib::Server& server_;
  std::jthread thread_;
};

}  // namespace

void serve(const Serving& serving) {
  httplib::Server server;
  // Enough for one reader, and bounds what a flood of requests can use.
  server.new_task_queue = [] { return new httplib::ThreadPool(2); };
  server.set_payload_max_length(4096);
  server.set_read_timeout(5, 0);
  server.set_keep_alive_timeout(1);
  int port = serving.port;
  // Every request, whatever its method, is answered here and goes no further.
  server.set_pre_routing_handler([&](const httplib::Request& request, httplib::Response& response) {
    answer(serving, request, response, port);
    return httplib::Server::HandlerResponse::Handled;
  });
  if (port == 0) {
    port = server.bind_to_any_port(kLoopback);
    if (port <= 0) throw Error(ExitStatus::kFailed, std::string("cannot listen on ") + kLoopback);
  } else if (!server.bind_to_port(kLoopback, port)) {
    throw Error(ExitStatus::kFailed, "cannot listen on " + std::string(kLoopback) + ":" +
                                         std::to_string(port) + ": is it in use? --port 0 takes a free one");
  }
  const Listening listening(server);
  serving.started("http://" + std::string(kLoopback) + ":" + std::to_string(port) + "/");
  while (!serving.stop()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

}  // namespace actlab
