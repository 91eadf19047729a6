#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/file.h"

namespace actlab {

// One tensor of a safetensors file: raw little-endian bytes, row-major.
struct TensorBytes {
  std::string name;
  std::string dtype;  // "F32", "F64", "I64", "U8", ... as the format spells it
  std::vector<int64_t> shape;
  std::span<const uint8_t> data;  // shape's product times the dtype's size
};

// Whether it is a SHA-256 as checkpoints write one: 64 lower-case hexadecimal digits.
bool is_digest(std::string_view text);

// A safetensors file (https://github.com/huggingface/safetensors) whose every byte is covered by a SHA-256:
// the metadata entry "sha256" is the digest of the whole file with those 64 digits read as ASCII '0'.
class SafetensorsFile {
 public:
  // Reads and verifies. Throws Error (1) that says what is wrong and where: a file cut short or with bytes
  // too many, a missing or wrong digest, and whatever parse_safetensors_header refuses. Beside the file's
  // bytes and the parsed header nothing of size is allocated.
  static SafetensorsFile read(const std::filesystem::path& path);
  // The same for bytes in memory; `name` is for messages.
  static SafetensorsFile parse(Bytes bytes, const std::string& name);

  // A moved vector keeps its buffer, so the views below stay valid; a copied one would not.
  SafetensorsFile(SafetensorsFile&&) = default;
  SafetensorsFile& operator=(SafetensorsFile&&) = default;

  const std::vector<TensorBytes>& tensors() const {
    return tensors_;
  }  // in the file's order; views into this object
  const std::map<std::string, std::string>& metadata() const { return metadata_; }  // with "sha256"

 private:
  SafetensorsFile() = default;

  Bytes bytes_;
  std::vector<TensorBytes> tensors_;
  std::map<std::string, std::string> metadata_;
};

// Writes such a file atomically, tensors in the given order, their data packed as the format demands and
// starting at a multiple of 8 bytes (put wide dtypes first where each tensor must be aligned). An entry
// "sha256" of `metadata` is replaced. Equal input, equal bytes. Throws Error (1) when it cannot be written,
// or for what read() would refuse: a name there twice, data that do not fit the shape, text that is not
// UTF-8. What stood at `path` is then untouched.
void write_safetensors(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata,
                       const std::vector<TensorBytes>& tensors);

}  // namespace actlab
