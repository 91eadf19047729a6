#include "data/picture.h"

#include "core/error.h"

// Debian 13 carries the second version of the resizer, older distributions the first.
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#if __has_include(<stb/stb_image_resize2.h>)
#include <stb/stb_image_resize2.h>
#define ACTLAB_STB_RESIZE_VERSION 2
#else
#include <stb/stb_image_resize.h>
#define ACTLAB_STB_RESIZE_VERSION 1
#endif

namespace actlab {

void check_picture_size(uint64_t width, uint64_t height, const std::string& name) {
  // Neither side is above 2^32, so the product fits.
  if (width * height > 0 && width * height <= kMostPicturePixels) return;
  throw Error(ExitStatus::kData, name + ": " + std::to_string(width) + " x " + std::to_string(height) +
                                     " pixels; between 1 and 64 Mpixel are accepted");
}

Picture resize(Picture picture, int width, int height, const std::string& name) {
  if (picture.width == width && picture.height == height) return picture;
  Picture result{width, height, picture.channels, {}};
  result.pixels.resize(static_cast<size_t>(width) * static_cast<size_t>(height) *
                       static_cast<size_t>(picture.channels));
#if ACTLAB_STB_RESIZE_VERSION == 2
  const auto layout =
      static_cast<stbir_pixel_layout>(picture.channels);  // STBIR_1CHANNEL is 1, STBIR_RGB is 3
  const bool done = stbir_resize_uint8_linear(picture.pixels.data(), picture.width, picture.height, 0,
                                              result.pixels.data(), width, height, 0, layout) != nullptr;
#else
  const bool done = stbir_resize_uint8(picture.pixels.data(), picture.width, picture.height, 0,
                                       result.pixels.data(), width, height, 0, picture.channels) != 0;
#endif
  if (!done) throw Error(ExitStatus::kData, name + ": not enough memory to resize the picture");
  return result;
}

}  // namespace actlab
