#include "data/mnist.h"

#include <string>

#include "core/error.h"
#include "data/idx_files.h"

namespace actlab {
namespace {

// The file itself, or its compressed form.
std::filesystem::path locate(const std::filesystem::path& root, const std::string& name) {
  auto plain = root / name;
  if (std::filesystem::exists(plain)) return plain;
  auto compressed = plain;
  compressed += ".gz";
  if (std::filesystem::exists(compressed)) return compressed;
  throw Error(ExitStatus::kData, plain.string() + " is missing (and so is " + name +
                                     ".gz); fetch it with: actlab data " + "fetch mnist --to " +
                                     root.string() + ", or set data.root");
}

Part load_part(const MnistOptions& options, const std::string& part) {
  const ExampleShape expected = options.stated_shape();
  const auto images = locate(options.root, part + "-images-idx3-ubyte");
  Part data = read_idx_pair(images, locate(options.root, part + "-labels-idx1-ubyte"), expected.classes);
  if (data.shape() != expected) {
    throw Error(ExitStatus::kData,
                images.string() + ": at byte 8: images of " + std::to_string(data.shape().height) + " x " +
                    std::to_string(data.shape().width) +
                    " pixels, where 28 x 28 are expected; for other sizes there is data.type=idx");
  }
  return data;
}

}  // namespace

RawData MnistOptions::load(int64_t) const {
  return {load_part(*this, "train"), load_part(*this, "t10k")};
}

}  // namespace actlab
