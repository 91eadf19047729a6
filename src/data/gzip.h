#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/file.h"

namespace actlab {

// Whether the bytes begin as a gzip stream does (RFC 1952: 1f 8b).
bool is_gzip(std::span<const uint8_t> data);

// How many bytes of deflate output one byte of input can make at most (zlib's technical notes: 1032:1).
inline constexpr uint64_t kDeflateLimit = 1032;

// Decompresses gzip in memory (RFC 1952): one member or several, one after the other, and zeros after the
// last as tapes and some archives pad them, piece by piece, so that nothing is allocated that the data do not
// hold. `name` is what messages call the file. Every mistake throws Error(kData) naming it and a byte offset.
class GzipReader {
 public:
  // `data` must outlive the reader.
  GzipReader(std::span<const uint8_t> data, std::string name);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  // Decompresses up to out.size() bytes; fewer only at the end of the stream. Throws when the stream is
  // damaged or cut off.
  size_t read(std::span<uint8_t> out);

  // How many bytes the stream can hold at most, whatever its content claims.
  uint64_t most_bytes() const { return data_.size() * kDeflateLimit; }

 private:
  struct Stream;  // keeps zlib.h out of this header

  // After the end of one: goes on with the next, or has ended.
  void next_member();
  uint64_t offset() const;  // of the byte that is read next
  [[noreturn]] void fail(const std::string& what) const;

  std::unique_ptr<Stream> stream_;
  std::string name_;
  std::span<const uint8_t> data_;
};

// The whole of a gzip stream, of which at most `limit` bytes are accepted.
Bytes gunzip(std::span<const uint8_t> data, const std::string& name, uint64_t limit);

}  // namespace actlab
