#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace actlab {

// The JSON header of a safetensors file (https://github.com/huggingface/safetensors, "Format").
struct SafetensorsHeader {
  struct Tensor {
    std::string name;
    std::string dtype;
    std::vector<int64_t> shape;
    uint64_t begin = 0;  // bytes from the start of the data
    uint64_t end = 0;
  };

  std::map<std::string, std::string> metadata;
  std::vector<Tensor> tensors;

  uint64_t data_size() const { return tensors.empty() ? 0 : tensors.back().end; }
};

// The format's own limit.
inline constexpr uint64_t kLongestSafetensorsHeader = 100'000'000;

// Reads a header without building a JSON tree, so that memory stays in proportion to the text. Throws Error
// (1), starting with `file`: not JSON, a key that is unknown, missing or there twice, a value of another
// type, an unknown dtype, a size beyond 2^63 - 1, a length that differs from shape and dtype, offsets with a
// gap or an overlap.
SafetensorsHeader parse_safetensors_header(std::string_view text, const std::string& file);

// The text of such a header: "__metadata__" first, then the tensors in order, then spaces up to a multiple of
// 8 bytes. Throws Error (1) for a header that the function above would refuse.
std::string format_safetensors_header(const SafetensorsHeader& header, const std::string& file);

}  // namespace actlab
