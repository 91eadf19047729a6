#include "data/images.h"

#include <gmock/gmock.h>

#include <cstdlib>

#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

#include "core/random.h"
#include "core/test_support.h"
#include "data/data_files.h"
#include "data/picture.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;

void append(void* context, void* data, int size) {
  const auto* bytes = static_cast<uint8_t*>(data);
  static_cast<Bytes*>(context)->insert(static_cast<Bytes*>(context)->end(), bytes, bytes + size);
}

Bytes png(int width, int height, int channels, const Bytes& pixels) {
  Bytes out;
  stbi_write_png_to_func(append, &out, width, height, channels, pixels.data(), width * channels);
  return out;
}

Bytes jpeg(int width, int height, int channels, const Bytes& pixels) {
  Bytes out;
  stbi_write_jpg_to_func(append, &out, width, height, channels, pixels.data(), 95);
  return out;
}

constexpr ExampleShape grey(int64_t height, int64_t width) {
  return {1, height, width, 10};
}

TEST(Images, GreyPngOfTheRightSizeIsUntouched) {
  EXPECT_EQ(decode_picture(png(6, 4, 1, ramp(24)), grey(4, 6), "x.png"), ramp(24));
}

TEST(Images, ColoursBecomeLuma) {
  const Bytes picture = png(4, 1, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255});
  EXPECT_THAT(decode_picture(picture, grey(1, 4), "x.png"), ElementsAre(76, 150, 29, 255));
}

TEST(Images, ThreeChannelsComeOneAfterTheOther) {
  const Bytes picture = png(2, 1, 3, {1, 2, 3, 4, 5, 6});
  EXPECT_THAT(decode_picture(picture, {3, 1, 2, 10}, "x.png"), ElementsAre(1, 4, 2, 5, 3, 6));
}

TEST(Images, GreyFillsThreeChannels) {
  EXPECT_THAT(decode_picture(png(2, 1, 1, {9, 8}), {3, 1, 2, 10}, "x.png"), ElementsAre(9, 8, 9, 8, 9, 8));
}

TEST(Images, TransparentPixelsLieOnWhite) {
  const Bytes with_grey = png(3, 1, 2, {0, 0, 0, 255, 100, 128});
  EXPECT_THAT(decode_picture(with_grey, grey(1, 3), "x.png"), ElementsAre(255, 0, 177));
  const Bytes with_color = png(2, 1, 4, {0, 0, 0, 0, 10, 20, 30, 255});
  EXPECT_THAT(decode_picture(with_color, {3, 1, 2, 10}, "x.png"), ElementsAre(255, 10, 255, 20, 255, 30));
}

TEST(Images, ReadsJpeg) {
  const Bytes picture = jpeg(16, 16, 3, Bytes(16 * 16 * 3, 200));
  EXPECT_THAT(decode_picture(picture, grey(16, 16), "x.jpg"), Each(AllOf(Ge(198), Le(202))));
}

TEST(Images, AnySizeIsResized) {
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 500}, {1000, 7}, {27, 29}, {60'000, 1}}) {
    const Bytes pixels(static_cast<size_t>(width) * static_cast<size_t>(height), 90);
    const Bytes resized = decode_picture(png(width, height, 1, pixels), grey(28, 28), "x.png");
    EXPECT_EQ(resized.size(), 784U);
    EXPECT_THAT(resized, Each(AllOf(Ge(89), Le(91)))) << width << " x " << height;
  }
}

TEST(Images, ResizingKeepsLeftAndRight) {
  Bytes pixels(56 * 56, 0);
  for (size_t y = 0; y < 56; ++y) std::fill_n(pixels.begin() + static_cast<std::ptrdiff_t>(y * 56), 28, 255);
  const Bytes resized = decode_picture(png(56, 56, 1, pixels), grey(28, 28), "x.png");
  for (size_t y = 0; y < 28; ++y) {
    EXPECT_GE(resized[y * 28 + 5], 250);
    EXPECT_LE(resized[y * 28 + 22], 5);
  }
}

TEST(Images, InputsArePicturesOrIdxWhateverTheName) {
  const TemporaryFolder folder;
  put_bytes(folder / "a", png(3, 2, 1, ramp(6)));
  put_bytes(folder / "b", idx_images(4, 2, 3));
  put_bytes(folder / "c", gzip(idx_images(4, 2, 3)));
  const Inputs picture = read_inputs(folder / "a", grey(2, 3), false);
  EXPECT_EQ(picture.count, 1);
  EXPECT_EQ(picture.pixels, ramp(6));
  for (const char* name : {"b", "c"}) {
    const Inputs images = read_inputs(folder / name, grey(2, 3), false);
    EXPECT_EQ(images.count, 4);
    EXPECT_EQ(images.pixels, ramp(24));
  }
}

TEST(Images, InvertTurnsBlackToWhite) {
  const TemporaryFolder folder;
  put_bytes(folder / "a", png(2, 1, 1, {0, 200}));
  put_bytes(folder / "b", idx_header(0x803, {1, 1, 2}) + Bytes{255, 1});
  EXPECT_THAT(read_inputs(folder / "a", grey(1, 2), true).pixels, ElementsAre(255, 55));
  EXPECT_THAT(read_inputs(folder / "b", grey(1, 2), true).pixels, ElementsAre(0, 254));
}

TEST(Images, IdxImagesMustFitTheModel) {
  const TemporaryFolder folder;
  put_bytes(folder / "b", idx_images(4, 2, 3));
  const auto message = error_of([&] { read_inputs(folder / "b", grey(3, 2), false); }, ExitStatus::kData);
  EXPECT_THAT(message, AllOf(HasSubstr("/b"), HasSubstr("1 x 2 x 3"), HasSubstr("1 x 3 x 2")));
  EXPECT_NE(error_of([&] { read_inputs(folder / "b", {3, 2, 3, 10}, false); }, ExitStatus::kData), "");
}

TEST(Images, TwoChannelsAreNoPicture) {
  const auto message =
      error_of([] { decode_picture(png(1, 1, 1, {1}), {2, 1, 1, 10}, "x.png"); }, ExitStatus::kData);
  EXPECT_THAT(message, AllOf(HasSubstr("x.png"), HasSubstr("2 channels")));
}

// A PNG with nothing but a header that states this size.
Bytes stated_png(uint32_t width, uint32_t height) {
  Bytes bytes = png(1, 1, 1, {0});
  const Bytes size = idx_header(width, {height});
  std::ranges::copy(size, bytes.begin() + 16);
  const auto crc = static_cast<uint32_t>(crc32(0, &bytes[12], 17));
  std::ranges::copy(idx_header(crc, {}), bytes.begin() + 29);
  return bytes;
}

TEST(Images, BadPicturesAreRefusedNamingTheFile) {
  const Bytes good = png(20, 20, 3, ramp(1200));
  const Bytes good_jpeg = jpeg(20, 20, 3, ramp(1200));
  const std::vector<std::pair<std::string, Bytes>> table = {
      {"empty", {}},
      {"text", {'h', 'e', 'l', 'l', 'o'}},
      {"gif", {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0}},
      {"bmp", {'B', 'M', 58, 0, 0, 0}},
      {"png signature", Bytes(good.begin(), good.begin() + 8)},
      {"png header", Bytes(good.begin(), good.begin() + 33)},
      {"half a png", Bytes(good.begin(), good.begin() + std::ssize(good) / 2)},
      {"jpeg signature", Bytes(good_jpeg.begin(), good_jpeg.begin() + 4)},
      {"jpeg header", Bytes(good_jpeg.begin(), good_jpeg.begin() + 160)},
      {"half a jpeg", Bytes(good_jpeg.begin(), good_jpeg.end() - 200)},
      {"65 Mpixel", stated_png(65 * 1024, 1024)},
      {"2^31 pixels wide", stated_png(0x80000000, 1)},
      {"2^24 squared", stated_png(1 << 24, 1 << 24)},
      {"no pixels", stated_png(0, 5)},
  };
  for (const auto& [name, content] : table) {
    const auto message = error_of([&] { decode_picture(content, grey(28, 28), name); }, ExitStatus::kData);
    EXPECT_THAT(message, HasSubstr(name + ": "));
  }
}

TEST(Images, TooManyPixelsAreToldBeforeDecoding) {
  const auto message =
      error_of([] { decode_picture(stated_png(65 * 1024, 1024), grey(28, 28), "x"); }, ExitStatus::kData);
  EXPECT_THAT(message, AllOf(HasSubstr("66560 x 1024"), HasSubstr("64 Mpixel")));
}

TEST(Images, PicturesOver64MiBAreRefused) {
  const TemporaryFolder folder;
  put_text(folder / "big.png", "\x89PNG");
  std::filesystem::resize_file(folder / "big.png", kMostPictureBytes + 1);
  const auto message =
      error_of([&] { read_inputs(folder / "big.png", grey(28, 28), false); }, ExitStatus::kData);
  EXPECT_THAT(message, AllOf(HasSubstr("big.png"), HasSubstr("64 MiB")));
}

// A table may have 256 codes; this one states 16 x 255.
TEST(Images, AHuffmanTableWithTooManyCodesIsRefused) {
  Bytes picture = jpeg(20, 20, 3, ramp(1200));
  const Bytes marker = {0xff, 0xc4};
  const auto table = std::ranges::search(picture, marker).begin();
  ASSERT_NE(table, picture.end());
  std::fill_n(table + 5, 16, 255);
  EXPECT_THAT(error_of([&] { decode_picture(picture, grey(28, 28), "x.jpg"); }, ExitStatus::kData),
              AllOf(HasSubstr("x.jpg"), HasSubstr("Huffman")));
}

TEST(Images, MutantsAreDecodedToTheRightSizeOrRefused) {
  SplitMix64 random(stream_seed(1, "picture mutants"));
  const std::vector<Bytes> good = {png(9, 7, 3, ramp(189)), png(9, 7, 4, ramp(252)), jpeg(9, 7, 3, ramp(189)),
                                   jpeg(9, 7, 1, ramp(63))};
  for (int i = 0; i < 2000; ++i) {
    Bytes bytes = good[static_cast<size_t>(i) % good.size()];
    for (uint64_t n = 1 + random.below(3); n > 0; --n)
      bytes[random.below(bytes.size())] = static_cast<uint8_t>(random.next());
    if (random.below(4) == 0) bytes.resize(random.below(bytes.size()));
    try {
      EXPECT_EQ(decode_picture(bytes, grey(5, 5), "mutant").size(), 25U);
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), ExitStatus::kData);
    }
  }
}

}  // namespace
}  // namespace actlab::test
