#include "checkpoint/safetensors.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "checkpoint/safetensors_header.h"
#include "core/file_kind.h"

namespace actlab {
namespace {

constexpr size_t kLengthSize = 8;  // the header's length, little-endian, starts the file
constexpr size_t kDigestSize = 64;
constexpr std::string_view kDigestKey = "sha256";
constexpr std::string_view kDigestText = "\"sha256\":\"";
const std::string kZeroDigest(kDigestSize, '0');

[[noreturn]] void refuse_file(const std::string& name, const std::string& what) {
  throw Error(ExitStatus::kFailed, name + " " + what);
}

std::array<uint8_t, kLengthSize> encode_length(uint64_t length) {
  std::array<uint8_t, kLengthSize> bytes;
  for (auto& byte : bytes) {
    byte = static_cast<uint8_t>(length);
    length >>= 8;
  }
  return bytes;
}

uint64_t decode_length(std::span<const uint8_t> bytes) {
  uint64_t length = 0;
  for (size_t i = kLengthSize; i-- > 0;) length = length << 8 | bytes[i];
  return length;
}

// The header's text within the file.
std::string_view header_text(const Bytes& bytes, const std::string& name) {
  if (bytes.size() < kLengthSize) {
    refuse_file(name, "is truncated: it has " + std::to_string(bytes.size()) +
                          " bytes, fewer than any safetensors file");
  }
  const uint64_t length = decode_length(bytes);
  if (length > kLongestSafetensorsHeader) {
    refuse_file(name,
                "is damaged or no safetensors file: its header's length would be " + std::to_string(length));
  }
  if (length > bytes.size() - kLengthSize) {
    refuse_file(name, "is truncated: its header alone needs " + std::to_string(kLengthSize + length) +
                          " bytes, but the file has " + std::to_string(bytes.size()));
  }
  return {reinterpret_cast<const char*>(bytes.data()) + kLengthSize, length};
}

// Where the digest's first digit stands in the header. It is looked for in the text rather than in parsed
// JSON so that damage anywhere else in the header is still told by the digest; parse() then checks that it is
// the metadata's.
size_t find_digest(std::string_view header, const std::string& name) {
  const size_t found = header.find(kDigestText);
  if (found == std::string_view::npos) {
    refuse_file(name, "has no metadata entry \"sha256\": it is damaged, or was not written by actlab");
  }
  if (header.find(kDigestText, found + 1) != std::string_view::npos) {
    refuse_file(name, "has more than one metadata entry \"sha256\"");
  }
  const size_t start = found + kDigestText.size();
  if (!is_digest(header.substr(start, kDigestSize)) || header.substr(start + kDigestSize, 1) != "\"") {
    refuse_file(name, "is damaged: its \"sha256\" is not 64 lower-case hexadecimal digits");
  }
  return start;
}

// The digest is wrong. When the header still makes sense, the commonest reason can be named.
[[noreturn]] void refuse_damaged(std::string_view header, uint64_t size, const std::string& name) {
  uint64_t expected = size;
  try {
    expected = kLengthSize + header.size() + parse_safetensors_header(header, name).data_size();
  } catch (const Error&) {
    // The plain message below holds for a broken header too.
  }
  const std::string sizes =
      ": expected " + std::to_string(expected) + " bytes, but the file has " + std::to_string(size);
  if (expected > size) refuse_file(name, "is truncated" + sizes);
  if (expected < size) refuse_file(name, "has bytes too many" + sizes);
  refuse_file(name, "is damaged: its SHA-256 does not match its content; use another copy or checkpoint");
}

void verify_digest(const Bytes& bytes, std::string_view header, size_t digest_at, const std::string& name) {
  const std::span<const uint8_t> all = bytes;
  const size_t start = kLengthSize + digest_at;
  const std::string computed =
      sha256({all.first(start), as_bytes(kZeroDigest), all.subspan(start + kDigestSize)});
  if (computed != header.substr(digest_at, kDigestSize)) refuse_damaged(header, bytes.size(), name);
}

SafetensorsHeader make_header(const std::map<std::string, std::string>& metadata,
                              const std::vector<TensorBytes>& tensors) {
  SafetensorsHeader header{.metadata = metadata, .tensors = {}};
  header.metadata[std::string(kDigestKey)] = kZeroDigest;
  for (const auto& [name, dtype, shape, data] : tensors) {
    const uint64_t begin = header.data_size();
    header.tensors.push_back({name, dtype, shape, begin, begin + data.size()});
  }
  return header;
}

// Another program's file, or a config, where a checkpoint is expected.
void refuse_other_kinds(const Bytes& bytes, const std::string& name) {
  if (looks_like_safetensors(bytes)) return;
  const std::string kind = file_kind(bytes);
  if (!kind.empty()) refuse_file(name, "is no checkpoint but " + kind);
  constexpr size_t kLeastText = 32;  // fewer bytes may be the beginning of any file
  if (bytes.size() >= kLeastText && looks_like_text(bytes))
    refuse_file(name,
                "is a text file; a checkpoint is expected, such as runs/NAME/checkpoints/best.safetensors");
}

}  // namespace

bool is_digest(std::string_view text) {
  return text.size() == kDigestSize && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

SafetensorsFile SafetensorsFile::read(const std::filesystem::path& path) {
  return parse(read_file(path, ExitStatus::kFailed), path.string());
}

SafetensorsFile SafetensorsFile::parse(Bytes bytes, const std::string& name) {
  refuse_other_kinds(bytes, name);
  const std::string_view text = header_text(bytes, name);
  const size_t digest_at = find_digest(text, name);
  verify_digest(bytes, text, digest_at, name);
  SafetensorsHeader header = parse_safetensors_header(text, name);
  const auto digest = header.metadata.find(std::string(kDigestKey));
  if (digest == header.metadata.end() || digest->second != text.substr(digest_at, kDigestSize)) {
    refuse_file(name, "has its \"sha256\" in another place than the metadata");
  }
  const auto data = std::span<const uint8_t>(bytes).subspan(kLengthSize + text.size());
  if (header.data_size() != data.size()) {
    refuse_file(name, "has " + std::to_string(data.size()) + " bytes of data, where its header says " +
                          std::to_string(header.data_size()));
  }
  SafetensorsFile file;
  file.tensors_.reserve(header.tensors.size());
  for (auto& tensor : header.tensors) {
    file.tensors_.push_back({std::move(tensor.name), std::move(tensor.dtype), std::move(tensor.shape),
                             data.subspan(tensor.begin, tensor.end - tensor.begin)});
  }
  file.metadata_ = std::move(header.metadata);
  file.bytes_ = std::move(bytes);
  return file;
}

void write_safetensors(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata,
                       const std::vector<TensorBytes>& tensors) {
  std::string header = format_safetensors_header(make_header(metadata, tensors), path.string());
  const size_t digest_at = find_digest(header, path.string());
  const auto length = encode_length(header.size());
  std::vector<std::span<const uint8_t>> parts = {length, as_bytes(header)};
  for (const auto& tensor : tensors) parts.push_back(tensor.data);
  // The second part views the header, which has the zeros in the digest's place until here.
  header.replace(digest_at, kDigestSize, sha256(parts));
  write_file_atomically(path, parts);
}

}  // namespace actlab
