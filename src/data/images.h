#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/file.h"
#include "data/dataset.h"

namespace actlab {

// Inputs of a model, without labels.
struct Inputs {
  int64_t count = 0;
  Bytes pixels;  // [count, channels, height, width]
};

// What stands for standard input where a file is named.
inline constexpr const char* kStandardInput = "-";

// The images of an IDX file (plain or gzip), which must have the height and width of `shape` and one channel,
// or one PNG or JPEG picture of any size; the content of the file tells which. Every pixel p becomes 255 - p
// where `invert` is set: MNIST's digits are white on black, ink on paper is not. Throws Error(kData) naming
// the file: missing, damaged, another format, larger than 64 MiB or 64 Mpixel (a picture), of another size
// (IDX). "-" is standard input.
Inputs read_inputs(const std::filesystem::path& file, const ExampleShape& shape, bool invert);

// Mean brightness of the outermost pixels, from 0 to 1.
double border_brightness(const Inputs& inputs, const ExampleShape& shape);

// A PNG or JPEG picture in memory as [C, H, W] of `shape`. To one channel: luma (0.299 R + 0.587 G + 0.114
// B); to three: RGB; other numbers of channels throw. Transparent pixels are laid on white. The picture is
// resized to H x W whatever its proportions were, and left untouched when it has that size. `name` is what
// messages call it.
Bytes decode_picture(std::span<const uint8_t> data, const ExampleShape& shape, const std::string& name);

}  // namespace actlab
