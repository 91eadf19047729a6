#include "data/picture_png.h"

#include <png.h>

#include "core/error.h"

namespace actlab {
namespace {

// libpng's simplified interface, which catches its own errors.
class PngReader {
 public:
  PngReader() { image_.version = PNG_IMAGE_VERSION; }
  ~PngReader() { png_image_free(&image_); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  png_image* operator->() { return &image_; }
  png_image* get() { return &image_; }

 private:
  png_image image_{};
};

[[noreturn]] void fail(const std::string& name, const png_image& image) {
  throw Error(ExitStatus::kData, name + ": not a whole PNG picture: " + image.message);
}

}  // namespace

Picture decode_png(std::span<const uint8_t> data, const std::string& name) {
  PngReader reader;
  if (png_image_begin_read_from_memory(reader.get(), data.data(), data.size()) == 0)
    fail(name, *reader.get());
  check_picture_size(reader->width, reader->height, name);
  // Pixels of 16 bits are taken as they are, like those of 8, unless the file says otherwise.
  reader->flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  reader->format &= PNG_FORMAT_FLAG_ALPHA | PNG_FORMAT_FLAG_COLOR;
  Picture picture{static_cast<int>(reader->width),
                  static_cast<int>(reader->height),
                  static_cast<int>(PNG_IMAGE_SAMPLE_CHANNELS(reader->format)),
                  {}};
  picture.pixels.resize(PNG_IMAGE_SIZE(*reader.get()));
  if (png_image_finish_read(reader.get(), nullptr, picture.pixels.data(), 0, nullptr) == 0)
    fail(name, *reader.get());
  return picture;
}

}  // namespace actlab
