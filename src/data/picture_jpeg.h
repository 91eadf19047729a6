#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "data/picture.h"

namespace actlab {

// By libjpeg. Throws Error(kData) for anything but a whole, undamaged JPEG in grey or RGB (four inks are for
// print).
Picture decode_jpeg(std::span<const uint8_t> data, const std::string& name);

}  // namespace actlab
