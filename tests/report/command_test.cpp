// `actlab report`, and the server of --live.
#include "cli/command.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/print.h"
#include "core/signals.h"
#include "report/client.h"
#include "report/sample_run.h"

namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Invocation invocation(std::vector<std::string> folders, std::map<std::string, std::string> flags = {}) {
  Invocation call;
  call.arguments = std::move(folders);
  call.flags = std::move(flags);
  return call;
}

std::string output_of(const Invocation& call) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(report_command().run(call), ExitStatus::kDone);
  return testing::internal::GetCapturedStdout();
}

TEST(ReportCommand, WritesIntoTheRunAndPrintsThePath) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  EXPECT_EQ(output_of(invocation({folder / "run"})), (folder / "run/report.html").string() + "\n");
  EXPECT_THAT(text_of(folder / "run/report.html"), HasSubstr("</html>"));
}

TEST(ReportCommand, JsonNamesFileBytesAndRuns) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  const std::string out = folder / "page.html";
  const auto json =
      nlohmann::json::parse(output_of(invocation({folder / "run"}, {{"json", "true"}, {"out", out}})));
  EXPECT_EQ(json["report"], out);
  EXPECT_EQ(json["bytes"], fs::file_size(out));
  EXPECT_EQ(json["runs"], nlohmann::json::array({(folder / "run").string()}));
}

TEST(ReportCommand, WhatCannotBeReadIsNoSuccess) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  put_text(folder / "run/diagnostics.jsonl", "rubbish\n" + text_of(folder / "run/diagnostics.jsonl"));
  testing::internal::CaptureStdout();
  const std::string message = error_of([&] { report_command().run(invocation({folder / "run"})); });
  EXPECT_EQ(testing::internal::GetCapturedStdout(), (folder / "run/report.html").string() + "\n");
  EXPECT_THAT(message, HasSubstr("diagnostics.jsonl: line 1 is damaged"));
  EXPECT_THAT(message, HasSubstr("report.html is written without"));
}

// The PNG's size stands in its header, after 16 bytes: 1200 by 630.
TEST(ReportCommand, ACardIsAPictureOfTwoRuns) {
  const TemporaryFolder folder;
  write_sample(folder / "before", {});
  write_sample(folder / "after", {});
  const auto card = [&](const char* name) {
    return output_of(
        invocation({folder / "before", folder / "after"}, {{"json", "true"}, {"card", folder / name}}));
  };
  const auto json = nlohmann::json::parse(card("card.svg"));
  EXPECT_EQ(json["card"], (folder / "card.svg").string());
  EXPECT_EQ(json["bytes"], fs::file_size(folder / "card.svg"));
  EXPECT_EQ(json["runs"].size(), 2U);
  if (std::system("command -v rsvg-convert >/dev/null") != 0) GTEST_SKIP() << "no rsvg-convert on PATH";
  card("card.png");
  EXPECT_EQ(text_of(folder / "card.png").substr(0, 24),
            std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\xb0\0\0\x02\x76", 24));
}

TEST(ReportCommand, RefusesWhatMakesNoSense) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  const auto message = [&](const std::string& name, std::map<std::string, std::string> flags) {
    return error_of([&] { report_command().run(invocation({folder / name}, flags)); }, ExitStatus::kUsage);
  };
  EXPECT_THAT(message("rum", {}), HasSubstr("did you mean 'run'"));
  EXPECT_THAT(message("run", {{"live", "true"}, {"out", "x"}}), HasSubstr("--out"));
  EXPECT_THAT(message("run", {{"port", "80"}}), HasSubstr("--live"));
  EXPECT_THAT(message("run", {{"card", "x.svg"}}), HasSubstr("two runs"));
  for (const char* port : {"-1", "65536", "eighty", "", "8080x"})
    EXPECT_THAT(message("run", {{"live", "true"}, {"port", port}}), HasSubstr("--port")) << port;
}

// The whole answer to a request, sent as it is.
std::string ask(int port, const std::string& request) {
  return Client(port).ask(request);
}

// `actlab report FOLDER --live` in a process of its own.
class Live {
 public:
  Live(const TemporaryFolder& folder, const fs::path& run) : out_(folder / "out") {
    pid_ = start_child([&] {
      take_stop_signals();  // as main does
      ::dup2(::open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDOUT_FILENO);
      return static_cast<int>(report_command().run(invocation({run}, {{"live", "true"}, {"json", "true"}})));
    });
    for (int i = 0; i < 200 && text_of(out_).find('\n') == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    url_ = nlohmann::json::parse(text_of(out_)).at("url");
    port_ = std::stoi(url_.substr(url_.rfind(':') + 1));
  }

  int stop(int signal) const {
    ::kill(pid_, signal);
    const int status = wait_for(pid_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  const std::string& url() const { return url_; }
  int port() const { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  fs::path out_;
  pid_t pid_ = -1;
  std::string url_;
  int port_ = 0;
};

TEST(ReportLive, ServesOnePageToThisMachineAloneUntilASignal) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  const Live live(folder, folder / "run");
  EXPECT_THAT(live.url(), StartsWith("http://127.0.0.1:"));
  const std::string page = ask(live.port(), request("GET /", live.host()));
  EXPECT_THAT(page, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(page, HasSubstr("</html>"));
  EXPECT_THAT(page, Not(HasSubstr("data-refresh"))) << "nothing is training";
  EXPECT_THAT(ask(live.port(), request("GET /", "localhost:" + std::to_string(live.port()))),
              StartsWith("HTTP/1.1 200"));
  for (const char* host : {"evil.example", "evil.example:80", "127.0.0.1", ""})
    EXPECT_THAT(ask(live.port(), request("GET /", host)), StartsWith("HTTP/1.1 403")) << host;
  for (const char* line : {"GET /config.yaml", "GET /../run/config.yaml", "GET //etc/passwd"})
    EXPECT_THAT(ask(live.port(), request(line, live.host())), StartsWith("HTTP/1.1 404")) << line;
  for (const char* line : {"POST /", "PUT /", "DELETE /", "OPTIONS /"})
    EXPECT_THAT(ask(live.port(), request(line, live.host())), StartsWith("HTTP/1.1 405")) << line;
  ask(live.port(), std::string("\x16\x03\x01 nonsense\r\n\r\n"));
  EXPECT_THAT(ask(live.port(), request("GET /", live.host())), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(live.stop(SIGTERM), 143);
}

TEST(ReportLive, RefreshesWhileTheRunIsLockedAndSeesWhatIsNew) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  const int lock = ::open((folder / "run").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  const Live live(folder, folder / "run");
  EXPECT_THAT(ask(live.port(), request("GET /", live.host())), HasSubstr("data-refresh=\"3\""));
  put_text(folder / "run/config.yaml", "seed: 4711\n");
  EXPECT_THAT(ask(live.port(), request("GET /", live.host())), HasSubstr("4711"));
  ::flock(lock, LOCK_UN);
  ::close(lock);
  EXPECT_EQ(live.stop(SIGINT), 130);
}

TEST(ReportLive, WaitsForARunThatHasNotBegun) {
  const TemporaryFolder folder;
  const Live live(folder, folder / "run");
  const std::string waiting = ask(live.port(), request("GET /", live.host()));
  EXPECT_THAT(waiting, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(waiting, HasSubstr("Waiting for " + (folder / "run").string()));
  EXPECT_THAT(waiting, HasSubstr("http-equiv=\"refresh\""));
  fs::create_directories(folder / "run/checkpoints");
  EXPECT_THAT(ask(live.port(), request("GET /", live.host())), HasSubstr("Waiting for"));
  write_sample(folder / "run", {});
  EXPECT_THAT(ask(live.port(), request("GET /", live.host())), HasSubstr("data-tab"));
  EXPECT_EQ(live.stop(SIGINT), 130);
}

TEST(ReportLive, WhatCanBeNoRunIsRefusedAtOnce) {
  const TemporaryFolder folder;
  put_text(folder / "file", "text");
  const auto refused = [&](const std::string& name) {
    return error_of([&] { report_command().run(invocation({folder / name}, {{"live", "true"}})); },
                    ExitStatus::kUsage);
  };
  EXPECT_THAT(refused("file"), HasSubstr("is no folder"));
  fs::create_directory(folder / "other");
  put_text(folder / "other/x", "");
  EXPECT_THAT(refused("other"), HasSubstr("is no run directory"));
}

TEST(ReportLive, AnswersWhatWentWrongWithoutStopping) {
  const TemporaryFolder folder;
  write_sample(folder / "run", {});
  const Live live(folder, folder / "run");
  fs::remove_all(folder / "run");
  EXPECT_THAT(ask(live.port(), request("GET /", live.host())), StartsWith("HTTP/1.1 500"));
  write_sample(folder / "run", {});
  EXPECT_THAT(ask(live.port(), request("GET /", live.host())), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(live.stop(SIGTERM), 143);
}

}  // namespace
}  // namespace actlab::test
