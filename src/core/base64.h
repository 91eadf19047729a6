#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/file.h"

namespace actlab {

// RFC 4648 with padding, on one line.
std::string to_base64(std::span<const uint8_t> bytes);

// The bytes again. Throws Error (1) for what is not base64.
Bytes from_base64(const std::string& text);

}  // namespace actlab
