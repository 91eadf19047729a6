// The server of `report --live` towards clients that mean it no good.
#include "report/serve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <list>
#include <thread>

#include "report/client.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Serve : public testing::Test {
 public:
  ~Serve() override { over_ = true; }

 protected:
  Serve() {
    std::promise<std::string> url;
    server_ = std::jthread([this, &url] {
      serve({.page = [] { return "the page"; },
             .started = [&](const std::string& at) { url.set_value(at); },
             .stop = [this] { return over_.load(); }});
    });
    const std::string at = url.get_future().get();
    port_ = std::stoi(at.substr(at.rfind(':') + 1));
  }

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  void expect_served() const {
    EXPECT_THAT(Client(port_).ask(request("GET /", host())), HasSubstr("the page"));
  }

  std::atomic<bool> over_ = false;
  int port_ = 0;
  std::jthread server_;
};

TEST_F(Serve, AHeadThatDoesNotEndIsCutOff) {
  Client client(port_);
  client.send("GET / HTTP/1.1\r\n");
  const std::string header = "X-Endless: " + std::string(1000, 'x') + "\r\n";
  int sent = 0;
  while (sent < 100'000 && client.send(header)) ++sent;
  EXPECT_LT(sent, 100'000) << "100 MB were taken";
  expect_served();
}

TEST_F(Serve, ALineThatDoesNotEndIsCutOff) {
  Client client(port_);
  EXPECT_THAT(client.ask("GET /" + std::string(20'000, 'a')), StartsWith("HTTP/1.1 431"));
  expect_served();
}

TEST_F(Serve, RangesAreNotAnswered) {
  std::string ranges = "GET / HTTP/1.1\r\nHost: " + host() + "\r\nRange: bytes=0-";
  for (int i = 0; i < 1300; ++i) ranges += ",0-";
  EXPECT_THAT(Client(port_).ask(ranges + "\r\n\r\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(Serve, ThoseWhoSayNothingShutNobodyOut) {
  std::list<Client> silent;
  for (int i = 0; i < 500; ++i) {
    silent.emplace_back(port_);
    if (i % 50 == 0) expect_served();
  }
  for (Client& client : silent) client.send("G");
  expect_served();
}

TEST_F(Serve, ThoseWhoDoNotTakeTheirAnswerShutNobodyOut) {
  std::list<Client> silent;
  for (int i = 0; i < 50; ++i) silent.emplace_back(port_).send(request("GET /", host()));
  expect_served();
}

// The end of the test waits for the server's.
TEST_F(Serve, ItEndsInSpiteOfThem) {
  Client slow(port_);
  slow.send("GET / HTTP/1.1\r\nHost");
  over_ = true;
  server_.join();
  EXPECT_EQ(slow.receive(), "");
}

}  // namespace
}  // namespace actlab::test
