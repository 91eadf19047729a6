#include "core/file_kind.h"

#include <algorithm>
#include <string_view>

namespace actlab {
namespace {

using std::string_view_literals::operator""sv;

constexpr size_t kLooked = 4096;

constexpr const char* kWeights =
    "; actlab runs its own checkpoints only, safetensors files: docs/checkpoints.md shows how weights from "
    "elsewhere become one";

struct Magic {
  std::string_view bytes;
  const char* kind;
  bool weights;
};

constexpr Magic kMagics[] = {
    {"\x89HDF\r\n\x1a\n"sv, "an HDF5 file, as Keras writes it", true},
    {"GGUF"sv, "a GGUF file", true},
    {"\x93NUMPY"sv, "a NumPy file", true},
    {"\x80\x02"sv, "a Python pickle, as old versions of PyTorch write it", true},
    {"\x80\x03"sv, "a Python pickle", true},
    {"\x80\x04"sv, "a Python pickle", true},
    {"\x80\x05"sv, "a Python pickle", true},
    {"\x89PNG"sv, "a PNG picture", false},
    {"\xff\xd8\xff"sv, "a JPEG picture", false},
    {"\x1f\x8b"sv, "a gzip file", false},
    {"\0\0\x08"sv, "an IDX file", false},
    {"%PDF"sv, "a PDF document", false},
};

std::string kind_of_zip(std::string_view text) {
  const auto holds = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  if (holds("data.pkl") || holds("constants.pkl"))
    return std::string("a PyTorch file (a zip archive with a pickle)") + kWeights;
  if (holds(".npy")) return std::string("a NumPy archive (.npz)") + kWeights;
  if (holds("model.weights.h5")) return std::string("a Keras file") + kWeights;
  return "a zip archive";
}

// An ONNX file is a protobuf message that begins with its version, a small number, and names its maker or
// another short text or its graph.
bool looks_like_onnx(std::string_view text) {
  return text.size() > 8 && text[0] == '\x08' && text[1] > 0 && text[1] < 32 &&
         (text[2] == '\x12' || text[2] == '\x3a' || text[2] == '\x1a' || text[2] == '\x42');
}

std::string_view head_of(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kLooked)};
}

}  // namespace

bool looks_like_safetensors(std::span<const uint8_t> bytes) {
  return bytes.size() > 8 && bytes[6] == 0 && bytes[7] == 0 && bytes[8] == '{';
}

bool looks_like_text(std::span<const uint8_t> bytes) {
  const std::string_view text = head_of(bytes);
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
  });
}

// The first two lines have the same number of commas, semicolons or tabs.
bool looks_like_table(std::span<const uint8_t> bytes) {
  const std::string_view text = head_of(bytes);
  const size_t end = text.find('\n');
  if (!looks_like_text(bytes) || end == std::string_view::npos) return false;
  const std::string_view first = text.substr(0, end);
  const std::string_view rest = text.substr(end + 1);
  const std::string_view second = rest.substr(0, rest.find('\n'));
  return std::ranges::any_of(std::string_view(",;\t"), [&](char separator) {
    const auto count = std::ranges::count(first, separator);
    return count > 0 && count == std::ranges::count(second, separator);
  });
}

std::string file_kind(std::span<const uint8_t> bytes) {
  const std::string_view text = head_of(bytes);
  if (looks_like_safetensors(bytes)) return "a checkpoint (a safetensors file)";
  if (text.starts_with("PK\x03\x04")) return kind_of_zip(text);
  if (text.size() > 8 && text.substr(4).starts_with("TFL3"))
    return std::string("a TensorFlow Lite file") + kWeights;
  for (const auto& magic : kMagics) {
    if (text.starts_with(magic.bytes)) return std::string(magic.kind) + (magic.weights ? kWeights : "");
  }
  return looks_like_onnx(text) ? std::string("an ONNX file") + kWeights : "";
}

}  // namespace actlab
