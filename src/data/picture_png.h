#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "data/picture.h"

namespace actlab {

// By libpng. Throws Error(kData) for anything but a whole, undamaged PNG.
Picture decode_png(std::span<const uint8_t> data, const std::string& name);

}  // namespace actlab
