#include "plot/color.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <vector>

namespace actlab {
namespace {

using Rgb = std::array<double, 3>;

struct ThemeColor {
  const char* name;
  uint32_t light;
  uint32_t dark;
};

constexpr ThemeColor kTheme[] = {
    {"page", 0xf6f7f9, 0x0f1319},  {"card", 0xffffff, 0x171c24},   {"ink", 0x1b2230, 0xe6eaf0},
    {"muted", 0x5d6778, 0x97a2b3}, {"line", 0xe2e6ec, 0x2a313c},   {"grid", 0xebeef2, 0x242b35},
    {"hover", 0xf0f3f7, 0x1f2630}, {"accent", 0x2f5fd0, 0x7ba7ff}, {"good", 0x1a7f4e, 0x56c98a},
    {"warn", 0xb25a00, 0xf2a650},  {"bad", 0xbf2f3a, 0xff7d82},
};
constexpr ThemeColor kSeries[kSeriesColors] = {
    {"s0", 0x2f62d6, 0x78a6ff}, {"s1", 0xd9660a, 0xff9f4a}, {"s2", 0x0c8f7f, 0x3fd0bb},
    {"s3", 0xbe3a7c, 0xf786bd}, {"s4", 0x7550c8, 0xb79bff}, {"s5", 0x7c7a10, 0xd3cd55},
    {"s6", 0x2993c4, 0x7fd4fa}, {"s7", 0x6b5347, 0xc7ac9c},
};

// Lightness runs one way only, so the order shows without colour as well.
constexpr uint32_t kSequentialLight[] = {0xf1f4f9, 0xb9d6ee, 0x5fa0d8, 0x3a62bd, 0x3b2c86, 0x230f4d};
constexpr uint32_t kSequentialDark[] = {0x1e2530, 0x2b3f78, 0x3a6cc0, 0x3aa6cf, 0x7fdcb4, 0xf3f9c2};
constexpr uint32_t kDivergingLight[] = {0x8a3a02, 0xe08a3a, 0xf3f3f1, 0x5a96dd, 0x14438f};
constexpr uint32_t kDivergingDark[] = {0xffc07a, 0xc26a1c, 0x232a34, 0x2f69b8, 0x97ccff};

constexpr uint32_t kGreyLight[] = {0xeef1f5, 0xb9c1cd};
constexpr uint32_t kGreyDark[] = {0x232a34, 0x4d5868};

double to_linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double to_gamma(double channel) {
  return channel <= 0.0031308 ? 12.92 * channel : 1.055 * std::pow(channel, 1 / 2.4) - 0.055;
}

Rgb multiply(const double (&m)[3][3], const Rgb& v) {
  Rgb out{};
  for (int i = 0; i < 3; ++i) out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
  return out;
}

// Oklab (Ottosson 2020), in which steps of equal size look alike.
Rgb to_oklab(uint32_t color) {
  constexpr double kToCone[3][3] = {{0.4122214708, 0.5363325363, 0.0514459929},
                                    {0.2119034982, 0.6806995451, 0.1073969566},
                                    {0.0883024619, 0.2817188376, 0.6299787005}};
  constexpr double kToLab[3][3] = {{0.2104542553, 0.7936177850, -0.0040720468},
                                   {1.9779984951, -2.4285922050, 0.4505937099},
                                   {0.0259040371, 0.7827717662, -0.8086757660}};
  Rgb rgb{};
  for (int i = 0; i < 3; ++i) rgb[i] = to_linear(((color >> (16 - 8 * i)) & 0xff) / 255.0);
  Rgb cone = multiply(kToCone, rgb);
  for (double& value : cone) value = std::cbrt(value);
  return multiply(kToLab, cone);
}

uint32_t from_oklab(const Rgb& lab) {
  constexpr double kToCone[3][3] = {
      {1, 0.3963377774, 0.2158037573}, {1, -0.1055613458, -0.0638541728}, {1, -0.0894841775, -1.2914855480}};
  constexpr double kToRgb[3][3] = {{4.0767416621, -3.3077115913, 0.2309699292},
                                   {-1.2684380046, 2.6097574011, -0.3413193965},
                                   {-0.0041960863, -0.7034186147, 1.7076147010}};
  Rgb cone = multiply(kToCone, lab);
  for (double& value : cone) value = value * value * value;
  const Rgb rgb = multiply(kToRgb, cone);
  uint32_t color = 0;
  for (const double channel : rgb)
    color = color << 8 | static_cast<uint32_t>(std::lround(255 * std::clamp(to_gamma(channel), 0.0, 1.0)));
  return color;
}

uint32_t between(std::span<const uint32_t> stops, double share) {
  const double place = share * static_cast<double>(stops.size() - 1);
  const size_t index = std::min(static_cast<size_t>(place), stops.size() - 2);
  const Rgb a = to_oklab(stops[index]);
  const Rgb b = to_oklab(stops[index + 1]);
  const double t = place - static_cast<double>(index);
  return from_oklab({a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])});
}

uint32_t level_color(std::span<const uint32_t> stops, int level, int levels) {
  return between(stops, static_cast<double>(level) / (levels - 1));
}

std::string hex(uint32_t color) {
  char text[16];
  std::snprintf(text, sizeof text, "#%06x", static_cast<unsigned>(color));
  return text;
}

std::string variable(const std::string& name, uint32_t color) {
  return "--" + name + ":" + hex(color) + ";";
}

std::string level_variables(const std::string& name, std::span<const uint32_t> stops, int levels) {
  std::string css;
  for (int i = 0; i < levels; ++i) css += variable(name + std::to_string(i), level_color(stops, i, levels));
  return css;
}

}  // namespace

std::string theme_variables(bool dark) {
  std::string css = dark ? "color-scheme:dark;" : "color-scheme:light;";
  for (const auto& color : kTheme) css += variable(color.name, dark ? color.dark : color.light);
  for (const auto& color : kSeries) css += variable(color.name, dark ? color.dark : color.light);
  css += dark ? level_variables("q", kSequentialDark, kSequentialLevels)
              : level_variables("q", kSequentialLight, kSequentialLevels);
  css += dark ? level_variables("v", kDivergingDark, kDivergingLevels)
              : level_variables("v", kDivergingLight, kDivergingLevels);
  css += level_variables("g", dark ? kGreyDark : kGreyLight, kGreyLevels);
  return css;
}

std::string theme_css(const std::string& root) {
  const std::string dark = theme_variables(true);
  return root + "{" + theme_variables(false) + "}\n@media screen{@media (prefers-color-scheme:dark){" + root +
         ":not([data-theme=light]){" + dark + "}}\n" + root + "[data-theme=dark]{" + dark + "}}\n";
}

int level_of(double share, int levels) {
  if (!(share > 0)) return 0;
  return std::min(static_cast<int>(std::min(share, 1.0) * levels), levels - 1);
}

std::string series_color(int index) {
  return hex(kSeries[index % kSeriesColors].light);
}

std::string sequential_color(int level) {
  return hex(level_color(kSequentialLight, level, kSequentialLevels));
}

std::string diverging_color(int level) {
  return hex(level_color(kDivergingLight, level, kDivergingLevels));
}

std::string grey_color(int level) {
  return hex(level_color(kGreyLight, level, kGreyLevels));
}

std::string glow_color(double share) {
  constexpr uint32_t kGlow[] = {0x000000, 0x1c2a5c, 0x2f7fd0, 0x63d8c4, 0xf6f7c4};
  constexpr uint32_t kBurning[] = {0xf6f7c4, 0xff9f4a, 0xe02f3a};
  return hex(share > 1 ? between(kBurning, std::min(share - 1, 1.0)) : between(kGlow, std::max(share, 0.0)));
}

}  // namespace actlab
