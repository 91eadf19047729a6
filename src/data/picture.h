#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/file.h"

namespace actlab {

inline constexpr uint64_t kMostPictureBytes = uint64_t{64} << 20;
inline constexpr uint64_t kMostPicturePixels = uint64_t{64} << 20;

// A decoded picture, 8 bits a channel.
struct Picture {
  int width = 0;
  int height = 0;
  int channels = 0;  // 1: grey; 2: grey and alpha; 3: RGB; 4: RGB and alpha
  Bytes pixels;      // [height, width, channels]
};

// Throws Error(kData) naming the picture when it has no pixels or more than kMostPicturePixels; called before
// memory is taken for them.
void check_picture_size(uint64_t width, uint64_t height, const std::string& name);

// To another size whatever its proportions were; a picture of that size is returned as it is. By
// stb_image_resize.
Picture resize(Picture picture, int width, int height, const std::string& name);

}  // namespace actlab
