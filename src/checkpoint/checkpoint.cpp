#include "checkpoint/checkpoint.h"

#include <torch/utils.h>

#include <algorithm>
#include <map>

#include "checkpoint/safetensors.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/text.h"

namespace actlab {
namespace {

using torch::Tensor;

constexpr const char* kFormat = "actlab 1";
constexpr std::pair<torch::ScalarType, const char*> kDtypes[] = {
    {torch::kFloat32, "F32"}, {torch::kFloat64, "F64"}, {torch::kInt64, "I64"}, {torch::kUInt8, "U8"}};

const char* dtype_name(torch::ScalarType dtype) {
  for (const auto& [type, name] : kDtypes) {
    if (type == dtype) return name;
  }
  throw Error(ExitStatus::kFailed,
              std::string("a checkpoint holds no tensors of dtype ") + c10::toString(dtype));
}

std::span<const uint8_t> bytes_of(const Tensor& tensor) {
  return {static_cast<const uint8_t*>(tensor.const_data_ptr()), tensor.nbytes()};
}

std::string describe(torch::IntArrayRef shape, const std::string& dtype) {
  std::vector<std::string> sizes;
  for (const int64_t size : shape) sizes.push_back(std::to_string(size));
  return "[" + join(sizes) + "] " + dtype;
}

std::string describe(const Tensor& tensor) {
  return describe(tensor.sizes(), dtype_name(tensor.scalar_type()));
}

// As many as one reads.
std::string listed(std::vector<std::string> mistakes) {
  constexpr size_t kMost = 5;
  const size_t more = mistakes.size() - std::min(mistakes.size(), kMost);
  mistakes.resize(mistakes.size() - more);
  return join(mistakes, "; ") + (more == 0 ? "" : "; and " + std::to_string(more) + " more");
}

Tensor to_tensor(const TensorBytes& stored, const std::string& path) {
  for (const auto& [type, name] : kDtypes) {
    if (stored.dtype != name) continue;
    Tensor tensor = torch::empty(stored.shape, type);
    std::copy(stored.data.begin(), stored.data.end(), static_cast<uint8_t*>(tensor.data_ptr()));
    return tensor;
  }
  throw Error(ExitStatus::kFailed, path + ": tensor " + stored.name + " has dtype " + stored.dtype +
                                       ", which no actlab checkpoint has");
}

std::string entry(const SafetensorsFile& file, const std::string& key, const std::string& path) {
  const auto found = file.metadata().find(key);
  if (found != file.metadata().end()) return found->second;
  throw Error(ExitStatus::kFailed, path + " is no checkpoint of actlab: its metadata has no \"" + key + "\"");
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  std::vector<Tensor> on_cpu;  // keeps copies alive while they are written
  std::vector<TensorBytes> tensors;
  for (const auto& [name, tensor] : checkpoint.tensors) {
    on_cpu.push_back(tensor.detach().to(torch::kCPU).contiguous());
    const Tensor& copy = on_cpu.back();
    tensors.push_back({name, dtype_name(copy.scalar_type()), copy.sizes().vec(), bytes_of(copy)});
  }
  write_safetensors(path, {{"config", checkpoint.config}, {"format", kFormat}, {"state", checkpoint.state}},
                    tensors);
}

Checkpoint load_checkpoint(const std::filesystem::path& path) {
  const SafetensorsFile file = SafetensorsFile::read(path);
  const std::string format = entry(file, "format", path.string());
  if (format != kFormat) {
    throw Error(ExitStatus::kFailed, path.string() + " has the format '" + format +
                                         "'; this version of actlab reads '" + kFormat + "'");
  }
  Checkpoint checkpoint{entry(file, "config", path.string()), entry(file, "state", path.string()), {}};
  with_memory_for("reading " + path.string(), [&] {
    for (const auto& tensor : file.tensors())
      checkpoint.tensors.emplace_back(tensor.name, to_tensor(tensor, path.string()));
  });
  return checkpoint;
}

void check_tensors(const Checkpoint& checkpoint, const std::vector<std::pair<std::string, Tensor>>& expected,
                   const std::string& name) {
  std::map<std::string, Tensor> stored(checkpoint.tensors.begin(), checkpoint.tensors.end());
  std::vector<std::string> mistakes;
  for (const auto& [key, tensor] : expected) {
    const auto found = stored.find(key);
    if (found == stored.end()) {
      mistakes.push_back(key + " is missing");
      continue;
    }
    if (describe(found->second) != describe(tensor))
      mistakes.push_back(key + " is " + describe(found->second) + ", not " + describe(tensor));
    stored.erase(found);
  }
  for (const auto& [key, tensor] : stored)
    mistakes.push_back(key + " is not part of this model or optimizer");
  if (mistakes.empty()) return;
  throw Error(ExitStatus::kFailed, name + " does not fit: " + listed(mistakes) + ". Nothing was loaded.");
}

void restore(const Checkpoint& checkpoint, const std::vector<std::pair<std::string, Tensor>>& targets) {
  const torch::NoGradGuard no_grad;
  const std::map<std::string, Tensor> stored(checkpoint.tensors.begin(), checkpoint.tensors.end());
  for (const auto& [key, target] : targets) Tensor(target).copy_(stored.at(key));
}

}  // namespace actlab
