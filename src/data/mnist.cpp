#include "data/mnist.h"

#include <string>

#include "core/error.h"
#include "data/downloads.h"
#include "data/idx_files.h"

namespace actlab {
namespace {

std::filesystem::path locate(const std::filesystem::path& root, const std::string& name) {
  if (const auto found = find_data_file(root, name)) return *found;
  const std::filesystem::path plain = root / name;
  throw Error(ExitStatus::kData, plain.string() + " is missing (and so is " + name + ".gz)" +
                                     similar_file(plain) + "; fetch it with: actlab data fetch mnist --to " +
                                     root.string() + ", or set data.root");
}

Part load_part(const MnistOptions& options, const std::string& part) {
  const ExampleShape expected = options.stated_shape();
  const auto images = locate(options.root, part + "-images-idx3-ubyte");
  const auto labels = locate(options.root, part + "-labels-idx1-ubyte");
  return read_idx_pair(images, labels, expected.classes, [&](const IdxImages& announced) {
    if (announced.height == expected.height && announced.width == expected.width) return;
    throw Error(ExitStatus::kData,
                images.string() + ": at byte 8: images of " + std::to_string(announced.height) + " x " +
                    std::to_string(announced.width) +
                    " pixels, where 28 x 28 are expected; for other sizes there is data.type=idx");
  });
}

// Whether the content that was read is that of the file of the set.
bool is_content(const DownloadFile& file, const Bytes& header, std::span<const uint8_t> elements) {
  return header.size() + elements.size() == file.size && sha256({header, elements}) == file.sha256;
}

// Labels first: they are small, and hardly any other set has the same.
bool is_original(const Part& part, const DownloadFile& images, const DownloadFile& labels) {
  const auto count = static_cast<uint32_t>(part.size());
  const Bytes classes(part.labels().begin(), part.labels().end());
  return is_content(labels, idx_header({count}), classes) &&
         is_content(images, idx_header({count, 28, 28}), part.source().samples.bytes());
}

}  // namespace

void MnistOptions::check(const Node& section, const ReadContext& context) const {
  const auto expected = static_cast<size_t>(stated_shape().classes);
  if (classes.value && classes.names.empty())
    context.inside("classes").fail_expecting(*section.find("classes"), "a list of names");
  if (!classes.names.empty() && classes.names.size() != expected)
    context.inside("classes").fail(*section.find("classes"), "expected ten names, one a class");
  check_common(section, context, stated_shape());
}

RawData MnistOptions::load(int64_t) const {
  RawData data{load_part(*this, "train"), load_part(*this, "t10k"), classes.names};
  const auto& files = find_download("mnist").files;
  const bool original =
      is_original(data.train, files[0], files[1]) && is_original(data.test, files[2], files[3]);
  if (!original) data.name = "mnist-like data from " + root.string();
  return data;
}

}  // namespace actlab
