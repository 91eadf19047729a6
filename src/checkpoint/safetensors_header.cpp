#include "checkpoint/safetensors_header.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/error.h"

namespace actlab {
namespace {

using Json = nlohmann::json;
constexpr size_t kMostDimensions = 64;  // as in LibTorch
constexpr std::string_view kMetadataKey = "__metadata__";

[[noreturn]] void refuse_header(const std::string& file, const std::string& what) {
  throw Error(ExitStatus::kFailed, file + ": the safetensors header is wrong: " + what);
}

// For messages: one printable line, whatever the name holds.
std::string printable(std::string_view name) {
  constexpr size_t kLongest = 100;
  const std::string text = Json(name.substr(0, kLongest)).dump(-1, ' ', true, Json::error_handler_t::replace);
  return name.size() > kLongest ? text + "..." : text;
}

uint64_t dtype_size(std::string_view dtype) {
  struct Dtype {
    std::string_view name;
    uint64_t size;
  };
  static constexpr Dtype kDtypes[] = {{"F32", 4}, {"F64", 8},  {"F16", 2},     {"BF16", 2},
                                      {"I64", 8}, {"I32", 4},  {"I16", 2},     {"I8", 1},
                                      {"U8", 1},  {"BOOL", 1}, {"U16", 2},     {"U32", 4},
                                      {"U64", 8}, {"C64", 8},  {"F8_E4M3", 1}, {"F8_E5M2", 1}};
  const auto* found = std::ranges::find(kDtypes, dtype, &Dtype::name);
  return found == std::end(kDtypes) ? 0 : found->size;
}

// Receives the tokens of the header and accepts only what the format has, so that nothing else is ever
// stored.
class HeaderReader final : public nlohmann::json_sax<Json> {
 public:
  explicit HeaderReader(const std::string& file) : file_(file) {}

  SafetensorsHeader take() { return std::move(header_); }

  bool start_object(size_t) override {
    switch (state_) {
      case State::kStart:
        return enter(State::kTop);
      case State::kMetadataStart:
        return enter(State::kMetadata);
      case State::kTensorStart:
        return enter(State::kTensor);
      default:
        unexpected("an object");
    }
  }

  bool key(string_t& key) override {
    switch (state_) {
      case State::kTop:
        return key == kMetadataKey ? start_metadata() : start_tensor(key);
      case State::kMetadata:
        key_ = key;
        if (header_.metadata.contains(key)) twice("metadata entry " + printable(key));
        return true;
      default:
        return start_field(key);
    }
  }

  bool string(string_t& value) override {
    if (state_ == State::kMetadata) {
      header_.metadata.emplace(std::move(key_), std::move(value));
      return true;
    }
    if (state_ != State::kDtype) unexpected("a string");
    if (dtype_size(value) == 0)
      refuse_header(file_, tensor_text() + " has the unknown dtype " + printable(value));
    tensor().dtype = value;
    return enter(State::kTensor);
  }

  bool start_array(size_t) override {
    if (state_ == State::kShapeStart) return enter(State::kShape);
    if (state_ == State::kOffsetsStart) return enter(State::kOffsets);
    unexpected("a list");
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (state_ != State::kShape && state_ != State::kOffsets) unexpected("a number");
    if (value > INT64_MAX) refuse_header(file_, tensor_text() + " has a number of 2^63 or more");
    if (state_ == State::kShape) {
      if (tensor().shape.size() == kMostDimensions)
        refuse_header(file_, tensor_text() + " has too many dimensions");
      tensor().shape.push_back(static_cast<int64_t>(value));
    } else {
      (offsets_++ == 0 ? tensor().begin : tensor().end) = value;
    }
    return true;
  }

  bool end_array() override {
    if (state_ == State::kOffsets && offsets_ != 2)
      refuse_header(file_, tensor_text() + " needs two data_offsets");
    return enter(State::kTensor);
  }

  bool end_object() override {
    if (state_ == State::kTensor) finish_tensor();
    return enter(state_ == State::kTop ? State::kEnd : State::kTop);
  }

  bool null() override { unexpected("null"); }
  bool boolean(bool) override { unexpected("a boolean"); }
  bool number_integer(number_integer_t) override { unexpected("a negative number"); }
  bool number_float(number_float_t, const string_t&) override { unexpected("a number that is no integer"); }
  bool binary(binary_t&) override { unexpected("binary data"); }
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) override {
    refuse_header(file_, "no valid JSON at its byte " + std::to_string(position));
  }

 private:
  enum class State {
    kStart,
    kTop,
    kMetadataStart,
    kMetadata,
    kTensorStart,
    kTensor,
    kDtype,
    kShapeStart,
    kShape,
    kOffsetsStart,
    kOffsets,
    kEnd
  };

  bool enter(State state) {
    state_ = state;
    return true;
  }

  SafetensorsHeader::Tensor& tensor() { return header_.tensors.back(); }
  std::string tensor_text() { return "tensor " + printable(tensor().name); }

  [[noreturn]] void unexpected(const std::string& what) {
    std::string where = " at the top";
    if (state_ == State::kMetadata) {
      where = " in the metadata entry " + printable(key_) + ", which must be a string";
    } else if (!header_.tensors.empty()) {
      where = " in " + tensor_text();
    }
    refuse_header(file_, "unexpected: " + what + where);
  }

  [[noreturn]] void twice(const std::string& what) { refuse_header(file_, what + " is there twice"); }

  bool start_metadata() {
    if (std::exchange(has_metadata_, true)) twice(printable(kMetadataKey));
    return enter(State::kMetadataStart);
  }

  bool start_tensor(const std::string& name) {
    if (!names_.insert(name).second) twice("tensor " + printable(name));
    header_.tensors.push_back({.name = name, .dtype = {}, .shape = {}});
    fields_.clear();
    offsets_ = 0;
    return enter(State::kTensorStart);
  }

  bool start_field(const std::string& key) {
    if (!fields_.insert(key).second) twice(printable(key) + " of " + tensor_text());
    if (key == "dtype") return enter(State::kDtype);
    if (key == "shape") return enter(State::kShapeStart);
    if (key == "data_offsets") return enter(State::kOffsetsStart);
    refuse_header(file_, tensor_text() + " has the unknown key " + printable(key));
  }

  void finish_tensor();

  std::string file_;
  SafetensorsHeader header_;
  State state_ = State::kStart;
  std::set<std::string> names_;
  std::set<std::string> fields_;  // of the current tensor
  std::string key_;               // of the current metadata entry
  size_t offsets_ = 0;            // read so far, of the current tensor
  bool has_metadata_ = false;
};

void HeaderReader::finish_tensor() {
  if (fields_.size() != 3) refuse_header(file_, tensor_text() + " needs dtype, shape and data_offsets");
  uint64_t bytes = dtype_size(tensor().dtype);
  bool empty = false;
  for (const int64_t dimension : tensor().shape) {
    empty = empty || dimension == 0;
    // An empty tensor's other dimensions must multiply without overflow too: its strides are their products.
    if (__builtin_mul_overflow(bytes, std::max<uint64_t>(1, static_cast<uint64_t>(dimension)), &bytes) ||
        bytes > INT64_MAX) {
      refuse_header(file_, tensor_text() + " has a shape of 2^63 bytes or more");
    }
  }
  const size_t count = header_.tensors.size();
  const uint64_t expected = count > 1 ? header_.tensors[count - 2].end : 0;
  if (tensor().begin != expected) {
    refuse_header(file_, tensor_text() + " begins at byte " + std::to_string(tensor().begin) +
                             " of the data, where byte " + std::to_string(expected) +
                             " is next (no gaps, no overlaps)");
  }
  const uint64_t needed = empty ? 0 : bytes;
  // All three are below 2^63: an end before the begin wraps round to something above and is refused too.
  if (tensor().end - tensor().begin != needed) {
    refuse_header(file_, tensor_text() + " needs " + std::to_string(needed) +
                             " bytes by its shape and dtype, but lies from byte " +
                             std::to_string(tensor().begin) + " to " + std::to_string(tensor().end));
  }
}

std::string tensor_json(const SafetensorsHeader::Tensor& tensor) {
  const nlohmann::ordered_json fields = {
      {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {tensor.begin, tensor.end}}};
  return Json(tensor.name).dump() + ":" + fields.dump();
}

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view text, const std::string& file) {
  if (!text.starts_with('{')) refuse_header(file, "it does not start with '{'");
  // The JSON parser takes a NUL for the end of its input.
  if (text.find('\0') != std::string_view::npos) refuse_header(file, "no valid JSON: it holds a NUL byte");
  HeaderReader reader(file);
  Json::sax_parse(text, &reader);
  return reader.take();
}

std::string format_safetensors_header(const SafetensorsHeader& header, const std::string& file) {
  std::string text;
  try {
    // Joined by hand: a JSON object would drop a name that is there twice instead of having it refused below.
    text = "{" + Json(kMetadataKey).dump() + ":" + Json(header.metadata).dump();
    for (const auto& tensor : header.tensors) text += "," + tensor_json(tensor);
    text += "}";
  } catch (const Json::type_error&) {
    throw Error(ExitStatus::kFailed, file + ": a tensor's name or a metadata entry is not valid UTF-8");
  }
  text.append((8 - text.size() % 8) % 8, ' ');
  if (text.size() > kLongestSafetensorsHeader) {
    refuse_header(file, "it has " + std::to_string(text.size()) + " bytes, above the format's limit");
  }
  parse_safetensors_header(text, file);
  return text;
}

}  // namespace actlab
