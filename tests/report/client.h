#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace actlab::test {

// One connection to a port of this machine.
class Client {
 public:
  explicit Client(int port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { ::close(descriptor_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // False once the other side has closed it.
  bool send(const std::string& text) {
    return connected_ && ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL) > 0;
  }
  // All that comes until the other side closes it.
  std::string receive() {
    std::string answer;
    char buffer[65536];
    for (ssize_t got = 0; (got = ::recv(descriptor_, buffer, sizeof buffer, 0)) > 0;)
      answer.append(buffer, static_cast<size_t>(got));
    return answer;
  }
  std::string ask(const std::string& text) { return send(text) ? receive() : ""; }

 private:
  int descriptor_;
  bool connected_ = false;
};

inline std::string request(const std::string& line, const std::string& host) {
  return line + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace actlab::test
