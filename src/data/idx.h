#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/block.h"

// The IDX format of MNIST (yann.lecun.com/exdb/mnist): two zero bytes, a byte for the type of the elements, a
// byte for the number of dimensions, the dimensions as big-endian 32-bit integers, then the elements row by
// row. Only unsigned bytes (0x08) are read. A file may be compressed with gzip; its content tells, not its
// name.
//
// Readers are strict: a wrong magic number or type, a dimension of zero, a header that announces more than
// the file can hold (checked before memory is taken), a truncated or damaged file and bytes after the last
// element all throw Error(kData) naming the file and the byte offset (of a compressed file: in its
// decompressed content, where not the compression itself is damaged).
namespace actlab {

struct IdxImages {
  int64_t count = 0;
  int64_t height = 0;
  int64_t width = 0;
  Block pixels;  // [count, height, width]

  uint64_t bytes() const {
    return static_cast<uint64_t>(count) * static_cast<uint64_t>(height) * static_cast<uint64_t>(width);
  }
};

// Bytes before the first label of a label file.
inline constexpr int64_t kIdxLabelHeader = 8;

// A plain file from this size on is mapped instead of read.
inline constexpr uint64_t kMappedFrom = uint64_t{256} << 20;

// Are told what a header announces, before memory is taken for it, and may throw: a small gzip file can hold
// a thousand times its size.
using ImagesCheck = std::function<void(const IdxImages& announced)>;
using LabelsCheck = std::function<void(int64_t announced)>;

// Magic 0x00000803. Also throws for what is not a regular file.
IdxImages read_idx_images(const std::filesystem::path& file, uint64_t mapped_from = kMappedFrom,
                          const ImagesCheck& check = {});
// Magic 0x00000801.
Bytes read_idx_labels(const std::filesystem::path& file, const LabelsCheck& check = {});

// The same for the content of a file; `name` is what messages call it.
IdxImages parse_idx_images(std::span<const uint8_t> data, const std::string& name,
                           const ImagesCheck& check = {});
Bytes parse_idx_labels(std::span<const uint8_t> data, const std::string& name, const LabelsCheck& check = {});

// The header of a file of unsigned bytes with these dimensions.
Bytes idx_header(const std::vector<uint32_t>& sizes);

// Whether the bytes begin as an IDX file or a gzip stream, neither of which a picture does.
bool looks_like_idx(std::span<const uint8_t> data);

}  // namespace actlab
