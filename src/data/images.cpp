#include "data/images.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "core/file_kind.h"
#include "data/idx.h"
#include "data/picture.h"
#include "data/picture_jpeg.h"
#include "data/picture_png.h"

namespace actlab {
namespace {

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  throw Error(ExitStatus::kData, name + ": " + what);
}

Picture decode(std::span<const uint8_t> data, const std::string& name) {
  if (data.size() > kMostPictureBytes) fail(name, "larger than 64 MiB, which is too large for a picture");
  if (data.size() >= 2 && data[0] == 0x89 && data[1] == 'P') return decode_png(data, name);
  if (data.size() >= 2 && data[0] == 0xff && data[1] == 0xd8) return decode_jpeg(data, name);
  const std::string kind = file_kind(data);
  fail(name, "neither a PNG nor a JPEG picture nor an IDX file" + (kind.empty() ? "" : " but " + kind));
}

std::array<int, 3> color_on_white(const uint8_t* pixel, int channels) {
  const bool grey = channels < 3;
  std::array<int, 3> color{};
  for (size_t c = 0; c < color.size(); ++c) color[c] = pixel[grey ? 0 : c];
  if (channels == 2 || channels == 4) {
    const int alpha = pixel[channels - 1];
    for (int& value : color) value = (value * alpha + 255 * (255 - alpha) + 127) / 255;
  }
  return color;
}

// To grey or RGB without alpha.
Picture convert(const Picture& picture, int channels) {
  Picture result{picture.width, picture.height, channels, {}};
  const auto step = static_cast<size_t>(picture.channels);
  result.pixels.reserve(picture.pixels.size() / step * static_cast<size_t>(channels));
  for (size_t i = 0; i < picture.pixels.size(); i += step) {
    const auto color = color_on_white(&picture.pixels[i], picture.channels);
    if (channels == 1) {
      // ITU-R BT.601 in thousandths.
      result.pixels.push_back(
          static_cast<uint8_t>((299 * color[0] + 587 * color[1] + 114 * color[2] + 500) / 1000));
    } else {
      for (const int value : color) result.pixels.push_back(static_cast<uint8_t>(value));
    }
  }
  return result;
}

Bytes channels_first(const Picture& picture) {
  const auto channels = static_cast<size_t>(picture.channels);
  const size_t area = picture.pixels.size() / channels;
  Bytes planes(picture.pixels.size());
  for (size_t i = 0; i < area; ++i) {
    for (size_t c = 0; c < channels; ++c) planes[c * area + i] = picture.pixels[i * channels + c];
  }
  return planes;
}

std::string shape_text(int64_t channels, int64_t height, int64_t width) {
  return std::to_string(channels) + " x " + std::to_string(height) + " x " + std::to_string(width);
}

}  // namespace

Bytes decode_picture(std::span<const uint8_t> data, const ExampleShape& shape, const std::string& name) {
  if (shape.channels != 1 && shape.channels != 3) {
    fail(name, "the model takes " + std::to_string(shape.channels) + " channels, and a picture gives 1 or 3");
  }
  Picture picture = convert(decode(data, name), static_cast<int>(shape.channels));
  picture = resize(std::move(picture), static_cast<int>(shape.width), static_cast<int>(shape.height), name);
  return channels_first(picture);
}

double border_brightness(const Inputs& inputs, const ExampleShape& shape) {
  uint64_t sum = 0;
  uint64_t count = 0;
  const auto height = static_cast<size_t>(shape.height);
  const auto width = static_cast<size_t>(shape.width);
  for (size_t i = 0; i < inputs.pixels.size(); ++i) {
    const size_t x = i % width;
    const size_t y = i / width % height;
    if (x != 0 && y != 0 && x != width - 1 && y != height - 1) continue;
    sum += inputs.pixels[i];
    ++count;
  }
  return count == 0 ? 0 : static_cast<double>(sum) / (255 * static_cast<double>(count));
}

Inputs read_inputs(const std::filesystem::path& file, const ExampleShape& shape, bool invert) {
  const bool piped = file == kStandardInput;
  const std::string name = piped ? "standard input" : file.string();
  const Bytes data =
      piped ? read_standard_input(ExitStatus::kData, kMostPictureBytes) : read_file(file, ExitStatus::kData);
  Inputs inputs{1, {}};
  if (looks_like_idx(data)) {
    const IdxImages images = parse_idx_images(data, name, [&](const IdxImages& announced) {
      if (shape.channels == 1 && announced.height == shape.height && announced.width == shape.width) return;
      fail(name, "holds images of " + shape_text(1, announced.height, announced.width) +
                     " (channels, height, width), but the model takes " +
                     shape_text(shape.channels, shape.height, shape.width));
    });
    const auto pixels = images.pixels.bytes();
    inputs = {images.count, {pixels.begin(), pixels.end()}};
  } else {
    inputs.pixels = decode_picture(data, shape, name);
  }
  if (invert) std::ranges::for_each(inputs.pixels, [](uint8_t& p) { p = static_cast<uint8_t>(255 - p); });
  return inputs;
}

}  // namespace actlab
