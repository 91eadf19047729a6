#include "report/serve.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/stopwatch.h"
#include "report/http.h"

namespace actlab {
namespace {

constexpr char kLoopback[] = "127.0.0.1";
constexpr size_t kMostConnections = 16;
constexpr size_t kLargestHead = 16384;
constexpr size_t kMostUnasked = 1 << 18;
constexpr double kSecondsToAsk = 5;
constexpr double kSecondsToTake = 30;
constexpr double kSecondsToLeave = 1;
constexpr int kPollMilliseconds = 100;

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// What there is to answer to the head of a request.
std::string answer(const Serving& serving, std::string_view head, int port) {
  constexpr char kText[] = "text/plain; charset=utf-8";
  const auto request = parse_head(head);
  if (!request) return http_response(400, kText, "400: this is no request\n");
  const std::string number = ":" + std::to_string(port);
  if (request->host != kLoopback + number && request->host != "localhost" + number)
    return http_response(403, kText, "403: this address is not ours\n");
  if (request->method != "GET") return http_response(405, kText, "there is only GET /\n");
  if (request->path != "/") return http_response(404, kText, "there is only GET /\n");
  try {
    return http_response(200, "text/html; charset=utf-8", serving.page());
  } catch (const std::exception& e) {
    return http_response(500, kText, std::string(e.what()) + "\n");
  }
}

// One of those who have connected: it asks, is answered, and leaves. A connection is used once.
class Connection {
 public:
  explicit Connection(int descriptor) : socket_(descriptor) {}

  pollfd polled() const {
    return {socket_.get(), static_cast<short>(state_ == State::kTakes ? POLLOUT : POLLIN), 0};
  }

  // Does what can be done without waiting.
  void go_on(const Serving& serving, int port) {
    if (state_ == State::kAsks) read_head(serving, port);
    if (state_ == State::kTakes) send();
    if (state_ == State::kLeaves) drain();
  }

  bool over() const {
    const double limit = state_ == State::kAsks    ? kSecondsToAsk
                         : state_ == State::kTakes ? kSecondsToTake
                                                   : kSecondsToLeave;
    return state_ == State::kOver || watch_.seconds() > limit;
  }

 private:
  enum class State { kAsks, kTakes, kLeaves, kOver };

  void enter(State state) {
    state_ = state;
    watch_ = {};
  }

  // The bytes read into `piece`, none where there are none yet. At the end of what comes it is over.
  std::string_view receive(std::span<char> piece) {
    const ssize_t n = ::recv(socket_.get(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (n > 0) return {piece.data(), static_cast<size_t>(n)};
    if (n == 0 || (errno != EAGAIN && errno != EINTR)) state_ = State::kOver;
    return {};
  }

  void read_head(const Serving& serving, int port) {
    char piece[4096];
    for (std::string_view got; !(got = receive(piece)).empty();) {
      text_ += got;
      if (head_is_complete(text_)) {
        text_ = answer(serving, text_, port);
        return enter(State::kTakes);
      }
      if (text_.size() <= kLargestHead) continue;
      text_ = http_response(431, "text/plain", "431: this request is too long\n");
      return enter(State::kTakes);
    }
  }

  void send() {
    while (sent_ < text_.size()) {
      const ssize_t n =
          ::send(socket_.get(), text_.data() + sent_, text_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (n <= 0) return enter(State::kOver);
      sent_ += static_cast<size_t>(n);
    }
    text_.clear();
    text_.shrink_to_fit();
    ::shutdown(socket_.get(), SHUT_WR);
    enter(State::kLeaves);
  }

  // Closed with something unread, the other side might lose the answer. Who goes on sending does lose it.
  void drain() {
    char piece[4096];
    for (std::string_view got; !(got = receive(piece)).empty();) {
      unasked_ += got.size();
      if (unasked_ > kMostUnasked) return enter(State::kOver);
    }
  }

  Socket socket_;
  State state_ = State::kAsks;
  Stopwatch watch_;   // since it is in that state
  std::string text_;  // what it has asked so far, then the answer
  size_t sent_ = 0;
  size_t unasked_ = 0;  // bytes that came after the head
};

class Server {
 public:
  explicit Server(const Serving& serving)
      : serving_(serving), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(serving.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (::bind(listener_.get(), any, size) != 0 || ::listen(listener_.get(), SOMAXCONN) != 0 ||
        ::getsockname(listener_.get(), any, &size) != 0) {
      throw Error(ExitStatus::kFailed, "cannot listen on " + std::string(kLoopback) +
                                           (serving.port == 0 ? "" : ":" + std::to_string(serving.port)) +
                                           ": " + std::strerror(errno) +
                                           (serving.port == 0 ? "" : "; --port 0 takes a free one"));
    }
    port_ = ntohs(address.sin_port);
  }

  std::string url() const { return "http://" + std::string(kLoopback) + ":" + std::to_string(port_) + "/"; }

  // Waits for at most a tenth of a second for something to do, and does it.
  void work() {
    std::vector<pollfd> polled = {{listener_.get(), POLLIN, 0}};
    for (const auto& connection : connections_) polled.push_back(connection.polled());
    ::poll(polled.data(), polled.size(), kPollMilliseconds);
    for (auto& connection : connections_) connection.go_on(serving_, port_);
    connections_.remove_if([](const Connection& connection) { return connection.over(); });
    if (polled[0].revents != 0) accept();
  }

 private:
  // Those who wait for it, as many as there is room for: a newer one takes the room of the oldest.
  void accept() {
    for (size_t i = 0; i < kMostConnections; ++i) {
      const int descriptor = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (descriptor < 0) return;
      if (connections_.size() == kMostConnections) connections_.pop_front();
      connections_.emplace_back(descriptor);
    }
  }

  const Serving& serving_;
  Socket listener_;
  int port_ = 0;
  std::list<Connection> connections_;  // the oldest first
};

}  // namespace

void serve(const Serving& serving) {
  Server server(serving);
  serving.started(server.url());
  while (!serving.stop || !serving.stop()) server.work();
}

}  // namespace actlab
