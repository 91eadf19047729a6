#include <csignal>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/print.h"
#include "core/log.h"
#include "core/signals.h"
#include "report/page.h"
#include "report/serve.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kRefreshSeconds = 3;

ordered_json names_of(const std::vector<fs::path>& folders) {
  ordered_json names = ordered_json::array();
  for (const auto& folder : folders) names.push_back(fs::absolute(folder).lexically_normal().string());
  return names;
}

// Until a signal comes; the page stops refreshing by itself when training is over.
ExitStatus live(const std::vector<fs::path>& folders, int port, bool json) {
  const StopSignals signals;
  const auto announce = [&](const std::string& url) {
    if (json) {
      print_json({{"url", url}, {"runs", names_of(folders)}});
    } else {
      std::printf("%s\n", url.c_str());
    }
    finish_stdout();  // whoever reads it through a pipe needs it now
    log_info("serving until Ctrl-C");
  };
  serve({.port = port,
         .page = [&] { return report_page(folders, any_training(folders) ? kRefreshSeconds : 0); },
         .started = announce,
         .stop = [&] { return signals.requested() != 0; }});
  return signals.requested() == SIGTERM ? ExitStatus::kTerminated : ExitStatus::kInterrupted;
}

ExitStatus run_report(const Invocation& invocation) {
  const std::vector<fs::path> folders(invocation.arguments.begin(), invocation.arguments.end());
  check_folders(folders);
  if (invocation.has("port") && !invocation.has("live"))
    throw Error(ExitStatus::kUsage,
                "--port is for --live, which serves the report; without it a file is written");
  if (invocation.has("live")) {
    if (invocation.has("out"))
      throw Error(ExitStatus::kUsage,
                  "--out and --live exclude each other: a live report is served, not written");
    return live(folders, static_cast<int>(invocation.whole_number("port", 0, 0, 65535)), invocation.json());
  }
  const fs::path out =
      fs::absolute(invocation.has("out") ? fs::path(invocation.value("out")) : default_report_path(folders))
          .lexically_normal();
  write_report(folders, out);
  if (invocation.json()) {
    print_json({{"report", out.string()}, {"bytes", fs::file_size(out)}, {"runs", names_of(folders)}});
  } else {
    std::printf("%s\n", out.string().c_str());
  }
  return ExitStatus::kDone;
}

}  // namespace

Command report_command() {
  return {.name = "report",
          .arguments = "RUN...",
          .summary = "one self-contained HTML page from run directories",
          .details =
              "A RUN is a run directory, or a comparison directory with its runs.\n\n"
              "Examples:\n"
              "  actlab report runs/mnist_cnn                      writes runs/mnist_cnn/report.html\n"
              "  actlab report runs/mnist_cnn runs/mnist_cnn-2     both in report.html, side by side\n"
              "  actlab report runs/mnist_cnn --live               a page that follows the training\n",
          .min_arguments = 1,
          .max_arguments = 1000,
          .takes_overrides = false,
          .computes = false,
          .flags = {{"out", "FILE", "write the page here"},
                    {"live", "", "serve the page on this machine alone, refreshed while training goes on"},
                    {"port", "N", "with --live: the port (default 0, any free one)"}},
          .run = run_report};
}

}  // namespace actlab
