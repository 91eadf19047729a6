#include "data/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "core/error.h"

namespace actlab {

struct GzipReader::Stream {
  z_stream z{};
  std::span<const uint8_t> rest;  // what zlib has not been given yet
  uint64_t produced = 0;
  bool ended = false;
};

bool is_gzip(std::span<const uint8_t> data) {
  return data.size() >= 2 && data[0] == 0x1f && data[1] == 0x8b;
}

GzipReader::GzipReader(std::span<const uint8_t> data, std::string name)
    : stream_(std::make_unique<Stream>()), name_(std::move(name)), data_(data) {
  stream_->rest = data;
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  if (inflateInit2(&stream_->z, kGzipOnly) != Z_OK) {
    throw Error(ExitStatus::kFailed, "not enough memory to decompress " + name_);
  }
}

GzipReader::~GzipReader() {
  inflateEnd(&stream_->z);
}

size_t GzipReader::read(std::span<uint8_t> out) {
  constexpr size_t kPiece = std::numeric_limits<uInt>::max();
  z_stream& z = stream_->z;
  size_t done = 0;
  while (done < out.size() && !stream_->ended) {
    if (z.avail_in == 0) {
      const size_t piece = std::min(stream_->rest.size(), kPiece);
      z.next_in = const_cast<Bytef*>(stream_->rest.data());  // zlib does not write through it
      z.avail_in = static_cast<uInt>(piece);
      stream_->rest = stream_->rest.subspan(piece);
    }
    const size_t room = std::min(out.size() - done, kPiece);
    z.next_out = out.data() + done;
    z.avail_out = static_cast<uInt>(room);
    const int status = inflate(&z, Z_NO_FLUSH);
    const size_t made = room - z.avail_out;
    done += made;
    stream_->produced += made;
    if (status == Z_STREAM_END) {
      next_member();
    } else if (status == Z_BUF_ERROR) {
      fail("the gzip stream is cut off (" + std::to_string(stream_->produced) + " bytes decompressed)");
    } else if (status != Z_OK) {
      fail(std::string("the gzip stream is damaged: ") + (z.msg != nullptr ? z.msg : "unknown error"));
    }
  }
  return done;
}

void GzipReader::next_member() {
  const auto left = data_.subspan(offset());
  if (is_gzip(left)) {
    inflateReset(&stream_->z);
  } else if (std::ranges::all_of(left, [](uint8_t byte) { return byte == 0; })) {
    stream_->ended = true;
  } else {
    fail("bytes follow the end of the gzip stream that begin no other member");
  }
}

uint64_t GzipReader::offset() const {
  return data_.size() - stream_->rest.size() - stream_->z.avail_in;
}

void GzipReader::fail(const std::string& what) const {
  throw Error(ExitStatus::kData, name_ + ": at byte " + std::to_string(offset()) + ": " + what);
}

Bytes gunzip(std::span<const uint8_t> data, const std::string& name, uint64_t limit) {
  constexpr size_t kPiece = 1 << 20;
  GzipReader reader(data, name);
  Bytes out;
  size_t got = kPiece;
  while (got == kPiece) {
    const size_t begin = out.size();
    out.resize(begin + kPiece);
    got = reader.read(std::span(out).subspan(begin));
    out.resize(begin + got);
    if (out.size() > limit) {
      throw Error(ExitStatus::kData,
                  name + ": holds more than " + std::to_string(limit) + " bytes when decompressed");
    }
  }
  return out;
}

}  // namespace actlab
