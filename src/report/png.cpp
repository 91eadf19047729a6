#include "report/png.h"

#include <png.h>

#include <algorithm>

#include "core/base64.h"

namespace actlab::report {
namespace {

// Means over squares of `factor` pixels; channels go from one after the other to side by side.
std::vector<uint8_t> shrink(const Mistake& in, int channels, int factor, int width, int height) {
  std::vector<uint8_t> out;
  out.reserve(static_cast<size_t>(width) * static_cast<size_t>(height) * static_cast<size_t>(channels));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channels; ++c) {
        int sum = 0;
        for (int dy = 0; dy < factor; ++dy) {
          for (int dx = 0; dx < factor; ++dx) {
            const size_t row = static_cast<size_t>(c) * static_cast<size_t>(in.height) +
                               static_cast<size_t>(y * factor + dy);
            sum += in.pixels[row * static_cast<size_t>(in.width) + static_cast<size_t>(x * factor + dx)];
          }
        }
        out.push_back(static_cast<uint8_t>(sum / (factor * factor)));
      }
    }
  }
  return out;
}

}  // namespace

std::string picture_uri(const Mistake& mistake, int most_pixels) {
  if (mistake.pixels.empty()) return "";
  const int longest = std::max(mistake.width, mistake.height);
  const int factor = std::min({(longest + most_pixels - 1) / most_pixels, mistake.width, mistake.height});
  const int channels = mistake.channels == 3 ? 3 : 1;
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  image.width = static_cast<png_uint_32>(mistake.width / factor);
  image.height = static_cast<png_uint_32>(mistake.height / factor);
  const auto pixels = shrink(mistake, channels, factor, mistake.width / factor, mistake.height / factor);
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::vector<uint8_t> file(size);
  const int written = png_image_write_to_memory(&image, file.data(), &size, 0, pixels.data(), 0, nullptr);
  png_image_free(&image);
  return written == 0 ? "" : "data:image/png;base64," + to_base64(std::span(file.data(), size));
}

}  // namespace actlab::report
