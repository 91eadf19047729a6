#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace actlab {

// What a file that is no text is by its first bytes, whatever its name, and what to do about it where
// something else is expected: "a PyTorch file; ...". Empty for text and what is not known.
std::string file_kind(std::span<const uint8_t> bytes);

// Whether these are a safetensors file's: the length of its header, which fits in six bytes, and the header's
// brace.
bool looks_like_safetensors(std::span<const uint8_t> bytes);

// Whether they are text, and whether that is rows of values as in CSV.
bool looks_like_text(std::span<const uint8_t> bytes);
bool looks_like_table(std::span<const uint8_t> bytes);

}  // namespace actlab
