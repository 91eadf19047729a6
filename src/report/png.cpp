#include "report/png.h"

#include <png.h>

#include <algorithm>
#include <array>

#include "core/base64.h"
#include "plot/color.h"

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

std::string uri_of(const std::vector<uint8_t>& pixels, int channels, int width, int height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::vector<uint8_t> file(size);
  const int written = png_image_write_to_memory(&image, file.data(), &size, 0, pixels.data(), 0, nullptr);
  png_image_free(&image);
  return written == 0 ? "" : "data:image/png;base64," + to_base64(std::span(file.data(), size));
}

// Of diverging_color(), "#rrggbb".
std::array<uint8_t, 3> rgb_of(int level) {
  const auto color = static_cast<uint32_t>(std::stoul(diverging_color(level).substr(1), nullptr, 16));
  return {static_cast<uint8_t>(color >> 16), static_cast<uint8_t>(color >> 8), static_cast<uint8_t>(color)};
}

}  // namespace

std::string picture_uri(const Mistake& mistake, int most_pixels) {
  if (mistake.pixels.empty()) return "";
  const int longest = std::max(mistake.width, mistake.height);
  const int factor = std::min({(longest + most_pixels - 1) / most_pixels, mistake.width, mistake.height});
  const int channels = mistake.channels == 3 ? 3 : 1;
  const int width = mistake.width / factor;
  const int height = mistake.height / factor;
  return uri_of(shrink(mistake, channels, factor, width, height), channels, width, height);
}

std::string weights_uri(const FirstWeights& weights, int columns) {
  if (weights.pixels.empty()) return "";
  const int units = static_cast<int>(weights.pixels.size());
  const int rows = (units + columns - 1) / columns;
  const int width = columns * (weights.width + 1) - 1;
  const int height = rows * (weights.height + 1) - 1;
  const int area = weights.width * weights.height;
  std::vector<uint8_t> pixels(static_cast<size_t>(width) * static_cast<size_t>(height) * 3, 255);
  for (int unit = 0; unit < units; ++unit) {
    const auto& bytes = weights.pixels[static_cast<size_t>(unit)];
    const int left = unit % columns * (weights.width + 1);
    const int top = unit / columns * (weights.height + 1);
    for (int at = 0; at < area; ++at) {
      int sum = 0;
      for (int channel = 0; channel < weights.channels; ++channel)
        sum += bytes[static_cast<size_t>(channel) * static_cast<size_t>(area) + static_cast<size_t>(at)];
      const auto color = rgb_of(level_of(sum / 255.0 / weights.channels, kDivergingLevels));
      const int x = left + at % weights.width;
      const int y = top + at / weights.width;
      std::ranges::copy(color, pixels.begin() + 3 * (static_cast<std::ptrdiff_t>(y) * width + x));
    }
  }
  return uri_of(pixels, 3, width, height);
}

}  // namespace actlab::report
