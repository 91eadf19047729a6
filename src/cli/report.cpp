#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "cli/print.h"
#include "core/file.h"
#include "core/log.h"
#include "core/text.h"
#include "report/before_after.h"
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

// Takes those out that a run or a comparison may still make, says so, and returns them.
std::vector<fs::path> take_awaited(std::vector<fs::path>& folders) {
  const auto there = std::ranges::stable_partition(folders, [](const fs::path& folder) {
    std::error_code ignored;
    const bool empty = fs::is_directory(folder, ignored) && fs::is_empty(folder, ignored);
    return fs::exists(folder, ignored) && !empty;
  });
  std::vector<fs::path> awaited(there.begin(), there.end());
  folders.erase(there.begin(), there.end());
  for (const auto& folder : awaited)
    log_info("waiting for " + folder.string() + " to begin" + similar_run(folder));
  return awaited;
}

// Until a signal ends it; the page stops refreshing by itself when training is over.
ExitStatus live(const std::vector<fs::path>& folders, int port, bool json) {
  std::vector<fs::path> there = folders;
  std::vector<fs::path> awaited = take_awaited(there);
  check_folders(there);
  const auto page = [&] {
    std::erase_if(awaited, is_reportable);
    if (!awaited.empty()) return waiting_page(awaited.front(), kRefreshSeconds);
    return report_page(folders, any_training(folders) ? kRefreshSeconds : 0);
  };
  const auto announce = [&](const std::string& url) {
    if (json) {
      print_json({{"url", url}, {"runs", names_of(folders)}});
    } else {
      std::printf("%s\n", url.c_str());
    }
    finish_stdout();  // whoever reads it through a pipe needs it now
    log_info("serving until Ctrl-C");
  };
  serve({.port = port, .page = page, .started = announce});
  return ExitStatus::kDone;
}

// Two runs as one picture.
ExitStatus card(const Invocation& invocation, const std::vector<fs::path>& folders) {
  if (folders.size() != 2)
    throw Error(ExitStatus::kUsage,
                "--card shows two runs, before and after: actlab report BEFORE AFTER --card FILE.png");
  if (invocation.has("out") || invocation.has("live"))
    throw Error(ExitStatus::kUsage, "--card writes one picture; --out and --live are for the page");
  const fs::path out = fs::absolute(invocation.value("card")).lexically_normal();
  write_before_after(folders[0], folders[1], out);
  if (invocation.json()) {
    print_json({{"card", out.string()}, {"bytes", fs::file_size(out)}, {"runs", names_of(folders)}});
  } else {
    std::printf("%s\n", out.string().c_str());
  }
  return ExitStatus::kDone;
}

ExitStatus run_report(const Invocation& invocation) {
  const std::vector<fs::path> folders(invocation.arguments.begin(), invocation.arguments.end());
  if (invocation.has("port") && !invocation.has("live"))
    throw Error(ExitStatus::kUsage,
                "--port is for --live, which serves the report; without it a file is written");
  if (invocation.has("card")) {
    check_folders(folders);
    return card(invocation, folders);
  }
  if (invocation.has("live")) {
    if (invocation.has("out"))
      throw Error(ExitStatus::kUsage,
                  "--out and --live exclude each other: a live report is served, not written");
    return live(folders, static_cast<int>(invocation.whole_number("port", 0, 0, 65535)), invocation.json());
  }
  check_folders(folders);
  const fs::path out =
      fs::absolute(invocation.has("out") ? fs::path(invocation.value("out")) : default_report_path(folders))
          .lexically_normal();
  std::vector<std::string> unread;
  if (invocation.has("out")) {
    write_named_file(out, report_page(folders, 0, &unread));
  } else {
    unread = write_report(folders, out);
  }
  if (invocation.json()) {
    print_json({{"report", out.string()}, {"bytes", fs::file_size(out)}, {"runs", names_of(folders)}});
  } else {
    std::printf("%s\n", out.string().c_str());
  }
  if (unread.empty()) return ExitStatus::kDone;
  throw Error(ExitStatus::kFailed,
              join(unread, "\n") + "\n" + out.string() + " is written without what could not be read");
}

}  // namespace

Command report_command() {
  return {
      .name = "report",
      .arguments = "RUN...",
      .summary = "one self-contained HTML page from run directories",
      .details =
          "A RUN is a run directory, or a comparison directory with its runs.\n\n"
          "Examples:\n"
          "  actlab report runs/mnist_cnn                      writes runs/mnist_cnn/report.html\n"
          "  actlab report runs/mnist_cnn runs/mnist_cnn-2     both in report.html, side by side\n"
          "  actlab report runs/mnist_cnn --live               a page that follows the training, which may\n"
          "                                                    begin later\n"
          "  actlab report runs/deep runs/deep-2 --card card.png   one picture: before and after\n",
      .min_arguments = 1,
      .max_arguments = 1000,
      .takes_overrides = false,
      .computes = false,
      .flags = {{"out", "FILE", "write the page here"},
                {"card", "FILE", "of two runs, before and after: one picture to share, .svg or .png"},
                {"live", "", "serve the page on this machine alone, refreshed while training goes on"},
                {"port", "N", "with --live: the port (default 0, any free one)"}},
      .run = run_report};
}

}  // namespace actlab
