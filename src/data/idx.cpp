#include "data/idx.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <vector>

#include "core/error.h"
#include "data/gzip.h"

namespace actlab {
namespace {

constexpr uint8_t kUnsignedByte = 0x08;

// The content of a file, whether plain or compressed, from front to back.
class IdxStream {
 public:
  IdxStream(std::span<const uint8_t> data, const std::string& name) : data_(data), name_(name) {
    if (is_gzip(data)) gzip_.emplace(data, name);
  }

  // Up to out.size() bytes; fewer only at the end.
  size_t read(std::span<uint8_t> out) {
    size_t n = 0;
    if (gzip_) {
      n = gzip_->read(out);
    } else {
      n = std::min(out.size(), data_.size() - offset_);
      std::copy_n(data_.data() + offset_, n, out.data());
    }
    offset_ += n;
    return n;
  }

  // No more bytes than this can follow.
  uint64_t most_left() const { return (gzip_ ? gzip_->most_bytes() : data_.size()) - offset_; }

  uint64_t offset() const { return offset_; }

  [[noreturn]] void fail(uint64_t offset, const std::string& what) const {
    throw Error(ExitStatus::kData, name_ + ": at byte " + std::to_string(offset) + ": " + what);
  }
  [[noreturn]] void fail_here(const std::string& what) const { fail(offset_, what); }

 private:
  std::span<const uint8_t> data_;
  const std::string& name_;
  std::optional<GzipReader> gzip_;
  uint64_t offset_ = 0;
};

std::string hex(uint8_t byte) {
  char text[5];
  std::snprintf(text, sizeof text, "0x%02x", byte);
  return text;
}

void check_magic(const IdxStream& in, const std::array<uint8_t, 4>& magic, uint8_t dimensions) {
  if (magic[0] != 0)
    in.fail(0, "not an IDX file: it begins with " + hex(magic[0]) + ", not with two zero bytes");
  if (magic[1] != 0) in.fail(1, "not an IDX file: the second byte is " + hex(magic[1]) + ", not zero");
  if (magic[2] != kUnsignedByte) {
    in.fail(2, "the elements are of type " + hex(magic[2]) + "; only unsigned bytes (0x08) can be read");
  }
  if (magic[3] == dimensions) return;
  const std::string expected = dimensions == 1 ? "labels (1 dimension)" : "images (3 dimensions)";
  in.fail(3, "wrong magic number: " + std::to_string(magic[3]) + " dimensions, where " + expected +
                 " are expected; are the files of images and labels swapped?");
}

// The dimensions, checked: none is zero, and the elements fit into what can follow.
std::vector<uint64_t> read_header(IdxStream& in, uint8_t dimensions) {
  std::array<uint8_t, 4> word{};
  if (in.read(word) != word.size()) in.fail_here("truncated: no IDX header");
  check_magic(in, word, dimensions);
  std::vector<uint64_t> sizes;
  std::string announced;
  for (uint8_t d = 0; d < dimensions; ++d) {
    if (in.read(word) != word.size()) in.fail_here("truncated within the IDX header");
    const uint64_t size =
        (uint64_t{word[0]} << 24) | (uint64_t{word[1]} << 16) | (uint64_t{word[2]} << 8) | word[3];
    if (size == 0)
      in.fail(4 + 4 * uint64_t{d}, "dimension " + std::to_string(d + 1) + " is 0: there are no examples");
    sizes.push_back(size);
    announced += (d == 0 ? "" : " x ") + std::to_string(size);
  }
  uint64_t room = in.most_left();
  for (const uint64_t size : sizes) room /= size;
  if (room == 0) {
    in.fail_here("truncated: the header announces " + announced + " bytes, but no more than " +
                 std::to_string(in.most_left()) + " can follow");
  }
  return sizes;
}

Bytes read_elements(IdxStream& in, uint64_t count) {
  constexpr uint64_t kPiece = 1 << 22;  // a compressed file may announce much and hold little
  Bytes elements;
  while (elements.size() < count) {
    const size_t begin = elements.size();
    const size_t piece = std::min(kPiece, count - begin);
    elements.resize(begin + piece);
    if (in.read(std::span(elements).subspan(begin)) != piece) {
      in.fail_here("truncated: the header announces " + std::to_string(count) + " bytes of data");
    }
  }
  const uint64_t end = in.offset();
  uint8_t extra = 0;
  if (in.read({&extra, 1}) != 0) in.fail(end, "more bytes follow than the header announces");
  return elements;
}

// What the header says, without the pixels.
IdxImages read_images_header(IdxStream& in, const ImagesCheck& check) {
  const auto sizes = read_header(in, 3);
  IdxImages images{
      static_cast<int64_t>(sizes[0]), static_cast<int64_t>(sizes[1]), static_cast<int64_t>(sizes[2]), {}};
  if (check) check(images);
  return images;
}

}  // namespace

IdxImages parse_idx_images(std::span<const uint8_t> data, const std::string& name, const ImagesCheck& check) {
  IdxStream in(data, name);
  IdxImages images = read_images_header(in, check);
  images.pixels = Block(read_elements(in, images.bytes()));
  return images;
}

Bytes parse_idx_labels(std::span<const uint8_t> data, const std::string& name, const LabelsCheck& check) {
  IdxStream in(data, name);
  const uint64_t count = read_header(in, 1)[0];
  if (check) check(static_cast<int64_t>(count));
  return read_elements(in, count);
}

IdxImages read_idx_images(const std::filesystem::path& file, uint64_t mapped_from, const ImagesCheck& check) {
  std::error_code unknown;
  const uint64_t size = std::filesystem::file_size(file, unknown);
  if (unknown || size < mapped_from) {
    return parse_idx_images(read_file(file, ExitStatus::kData), file.string(), check);
  }
  const Block block = Block::map(file, ExitStatus::kData);
  if (is_gzip(block.bytes())) return parse_idx_images(block.bytes(), file.string(), check);
  const std::string name = file.string();
  IdxStream in(block.bytes(), name);
  IdxImages images = read_images_header(in, check);
  if (in.most_left() > images.bytes())
    in.fail(in.offset() + images.bytes(), "more bytes follow than the header announces");
  images.pixels = block.part(in.offset(), images.bytes());
  return images;
}

Bytes read_idx_labels(const std::filesystem::path& file, const LabelsCheck& check) {
  return parse_idx_labels(read_file(file, ExitStatus::kData), file.string(), check);
}

Bytes idx_header(const std::vector<uint32_t>& sizes) {
  Bytes header = {0, 0, kUnsignedByte, static_cast<uint8_t>(sizes.size())};
  for (const uint32_t size : sizes) {
    for (int shift = 24; shift >= 0; shift -= 8) header.push_back(static_cast<uint8_t>(size >> shift));
  }
  return header;
}

bool looks_like_idx(std::span<const uint8_t> data) {
  return is_gzip(data) || (data.size() >= 2 && data[0] == 0 && data[1] == 0);
}

}  // namespace actlab
