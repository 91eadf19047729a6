// libjpeg's headers need <cstdio> and each other in this order.
// clang-format off
#include <csetjmp>
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include "data/picture_jpeg.h"

#include "core/error.h"

namespace actlab {
namespace {

// libjpeg reports errors by a function that must not return. Between setjmp and longjmp there must be no
// object with a destructor, so all state lives here, outside of the functions that can be jumped out of.
struct Decoder {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf escape{};
  char message[JMSG_LENGTH_MAX] = "";

  Decoder();
  ~Decoder() { jpeg_destroy_decompress(&info); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
};

[[noreturn]] void give_up(j_common_ptr info) {
  auto& decoder = *static_cast<Decoder*>(info->client_data);
  info->err->format_message(info, decoder.message);
  std::longjmp(decoder.escape, 1);
}

// A negative level is a warning: the decoder met damage and made something up. Stray bytes between two
// segments, which some cameras write, do no harm.
void refuse_damage(j_common_ptr info, int level) {
  if (level < 0 && info->err->msg_code != JWRN_EXTRANEOUS_DATA) give_up(info);
}

// A small file can ask for a huge picture to be gone over thousands of times.
void refuse_endless_scans(j_common_ptr info) {
  constexpr int kMostScans = 100;
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMostScans)
    ERREXIT(info, JERR_BAD_PROGRESSION);
}

Decoder::Decoder() {
  info.err = jpeg_std_error(&errors);
  errors.error_exit = give_up;
  errors.emit_message = refuse_damage;
  info.client_data = this;
  progress.progress_monitor = refuse_endless_scans;
}

// Each step returns false with a message on damage.
bool read_header(Decoder& decoder, std::span<const uint8_t> data) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_create_decompress(&decoder.info);
  decoder.info.progress = &decoder.progress;
  jpeg_mem_src(&decoder.info, data.data(), data.size());
  jpeg_read_header(&decoder.info, TRUE);
  decoder.info.out_color_space = decoder.info.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  return true;
}

bool read_pixels(Decoder& decoder, uint8_t* pixels) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_start_decompress(&decoder.info);
  const size_t row = size_t{decoder.info.output_width} * static_cast<size_t>(decoder.info.output_components);
  while (decoder.info.output_scanline < decoder.info.output_height) {
    uint8_t* line = pixels + row * decoder.info.output_scanline;
    jpeg_read_scanlines(&decoder.info, &line, 1);
  }
  jpeg_finish_decompress(&decoder.info);
  return true;
}

[[noreturn]] void fail(const std::string& name, const Decoder& decoder) {
  throw Error(ExitStatus::kData, name + ": not a whole JPEG picture in grey or RGB: " + decoder.message);
}

}  // namespace

Picture decode_jpeg(std::span<const uint8_t> data, const std::string& name) {
  Decoder decoder;
  if (!read_header(decoder, data)) fail(name, decoder);
  check_picture_size(decoder.info.image_width, decoder.info.image_height, name);
  Picture picture{static_cast<int>(decoder.info.image_width),
                  static_cast<int>(decoder.info.image_height),
                  decoder.info.num_components == 1 ? 1 : 3,
                  {}};
  picture.pixels.resize(size_t{decoder.info.image_width} * decoder.info.image_height *
                        static_cast<size_t>(picture.channels));
  if (!read_pixels(decoder, picture.pixels.data())) fail(name, decoder);
  return picture;
}

}  // namespace actlab
