#pragma once

#include <zlib.h>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/document.h"
#include "core/file.h"
#include "data/dataset.h"

namespace actlab::test {

// Header of an IDX file: magic number and dimensions.
inline Bytes idx_header(uint32_t magic, std::initializer_list<uint32_t> dimensions) {
  Bytes bytes;
  const auto put = [&](uint32_t n) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(n >> shift));
  };
  put(magic);
  for (const uint32_t n : dimensions) put(n);
  return bytes;
}

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// `count` bytes that are easy to tell apart: 0, 7, 14, ... modulo 256.
inline Bytes ramp(size_t count) {
  Bytes bytes(count);
  for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(7 * i);
  return bytes;
}

inline Bytes idx_images(uint32_t n, uint32_t height, uint32_t width) {
  return idx_header(0x803, {n, height, width}) + ramp(size_t{n} * height * width);
}

inline Bytes idx_labels(const Bytes& labels) {
  return idx_header(0x801, {static_cast<uint32_t>(labels.size())}) + labels;
}

inline Bytes gzip(const Bytes& content) {
  z_stream z{};
  if (deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflate");
  Bytes out(deflateBound(&z, content.size()));
  z.next_in = const_cast<Bytef*>(content.data());
  z.avail_in = static_cast<uInt>(content.size());
  z.next_out = out.data();
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

inline void put_bytes(const std::filesystem::path& path, const Bytes& bytes) {
  write_file_atomically(path, {bytes});
}

// Examples of shape [1, 1, 1] whose pixel is their number, with these labels.
inline Part labelled(const std::vector<int64_t>& labels, int64_t classes) {
  Bytes pixels(labels.size());
  for (size_t i = 0; i < labels.size(); ++i) pixels[i] = static_cast<uint8_t>(i);
  return {{1, 1, 1, classes}, pixels, labels};
}

// The samples of a part, one after the other.
inline Bytes samples_of(const Part& part) {
  Bytes all;
  for (int64_t i = 0; i < part.size(); ++i) {
    const auto sample = part.sample(i);
    all.insert(all.end(), sample.begin(), sample.end());
  }
  return all;
}

// A value as it stands in a config.
inline Node yaml(const std::string& text) {
  Problems problems;
  Node node = parse_yaml("value: " + text, "test.yaml", problems);
  problems.throw_if_any();
  return *node.find("value");
}

}  // namespace actlab::test
