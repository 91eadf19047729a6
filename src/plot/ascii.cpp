#include "plot/ascii.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "plot/axis.h"
#include "plot/svg.h"

namespace actlab {
namespace {

constexpr int kDotsX = 2;  // of a braille character
constexpr int kDotsY = 4;
// Blue, yellow, green, magenta, cyan, red: readable on light and on dark.
constexpr int kColors[] = {34, 33, 32, 35, 36, 31};
constexpr char kMarks[] = {'o', 'x', '+', '*', '#', '@', '%', '='};

// As it is where `series` is -1.
std::string colored(const std::string& text, int series) {
  if (series < 0) return text;
  return "\x1b[" + std::to_string(kColors[static_cast<size_t>(series) % std::size(kColors)]) + "m" + text +
         "\x1b[m";
}

// Braille dots, and single characters where there are no dots.
class Canvas {
 public:
  Canvas(int width, int height)
      : width_(width),
        height_(height),
        dots_(static_cast<size_t>(width * height)),
        colors_(static_cast<size_t>(width * height), -1),
        marks_(static_cast<size_t>(width * height), ' ') {}

  int width() const { return width_; }
  int height() const { return height_; }

  // In the colour of the series of that number; -1: none.
  void dot(int x, int y, int series) {
    if (x < 0 || y < 0 || x >= width_ * kDotsX || y >= height_ * kDotsY) return;
    // Dots 1 to 8 of a braille character by column and row.
    constexpr uint8_t kBit[kDotsX][kDotsY] = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};
    const size_t at = cell(x / kDotsX, y / kDotsY);
    if (series != colors_[at]) dots_[at] = 0;  // a character has one colour: that of the line on top
    colors_[at] = series;
    dots_[at] |= kBit[x % kDotsX][y % kDotsY];
  }

  void mark(int x, int y, char sign) {
    if (x >= 0 && y >= 0 && x < width_ && y < height_) marks_[cell(x, y)] = sign;
  }

  std::string row(int y) const {
    std::string text;
    for (int x = 0; x < width_; ++x) {
      const uint8_t dots = dots_[cell(x, y)];
      if (dots != 0) {  // U+2800 + dots in UTF-8
        const char braille[] = {'\xE2', static_cast<char>(0xA0 | dots >> 6),
                                static_cast<char>(0x80 | (dots & 0x3f)), 0};
        text += colored(braille, colors_[cell(x, y)]);
      } else {
        text += marks_[cell(x, y)];
      }
    }
    return text;
  }

 private:
  size_t cell(int x, int y) const {
    return static_cast<size_t>(y) * static_cast<size_t>(width_) + static_cast<size_t>(x);
  }

  int width_, height_;
  std::vector<uint8_t> dots_;
  std::vector<int> colors_;  // the series' number
  std::vector<char> marks_;
};

// Calls put(x, y) along the series' line, in a raster of this many places.
template <class Put>
void trace(const Series& series, Scale x, Scale y, int width, int height, const Put& put) {
  x.from = 0, x.to = width - 1;
  y.from = height - 1, y.to = 0;
  double last_x = std::nan("");
  double last_y = std::nan("");
  for (size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
    const double to_x = x(series.x[i]);
    const double to_y = y(series.y[i]);
    const double reach = std::max(std::abs(to_x - last_x), std::abs(to_y - last_y));
    const int steps = std::isfinite(reach) ? static_cast<int>(std::ceil(reach)) : 0;
    for (int step = 1; step < steps; ++step) {
      const double share = static_cast<double>(step) / steps;
      put(static_cast<int>(std::lround(last_x + share * (to_x - last_x))),
          static_cast<int>(std::lround(last_y + share * (to_y - last_y))));
    }
    if (std::isfinite(to_x) && std::isfinite(to_y)) {
      put(static_cast<int>(std::lround(to_x)), static_cast<int>(std::lround(to_y)));
    }
    last_x = to_x;
    last_y = to_y;
  }
}

std::string padded(const std::string& text, size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

// The text of the tick that lies in this row, or "".
std::string label_at(int row, const Scale& y, const std::vector<double>& ticks,
                     const std::vector<std::string>& texts) {
  for (size_t i = 0; i < ticks.size(); ++i) {
    if (std::lround(y(ticks[i])) == row) return texts[i];
  }
  return "";
}

std::string x_axis(Scale x, int width, size_t margin) {
  x.from = 0, x.to = width - 1;
  const auto ticks = x.ticks(std::max(2, width / 8));
  const auto texts = tick_texts(ticks);
  std::string line = std::string(margin + 1, ' ') + "└";
  std::string below(margin + 2 + static_cast<size_t>(width) + 8, ' ');
  std::vector<bool> tick_here(static_cast<size_t>(width), false);
  size_t free_from = 0;
  for (size_t i = 0; i < ticks.size(); ++i) {
    const auto at = static_cast<size_t>(std::lround(x(ticks[i])));
    tick_here.at(at) = true;
    const size_t center = margin + 2 + at;
    const size_t begin = center - std::min(center, texts[i].size() / 2);
    if (begin < free_from || begin + texts[i].size() > margin + 2 + static_cast<size_t>(width)) continue;
    below.replace(begin, texts[i].size(), texts[i]);
    free_from = begin + texts[i].size() + 1;
  }
  for (const bool tick : tick_here) line += tick ? "┬" : "─";
  below.erase(below.find_last_not_of(' ') + 1);
  return line + "\n" + below + "\n";
}

std::string legend_line(const std::vector<Series>& series, size_t margin, int width, bool color) {
  std::string text;
  std::string line(margin + 2, ' ');
  size_t used = margin + 2;
  for (size_t i = 0; i < series.size(); ++i) {
    const std::string name = shorten(series[i].name, static_cast<size_t>(std::max(8, width - 6)));
    const size_t needed = static_cast<size_t>(std::lround(text_width(name, 1 / 0.58))) + 6;
    if (used > margin + 2 && used + needed > margin + 2 + static_cast<size_t>(width)) {
      text += line + "\n";
      line.assign(margin + 2, ' ');
      used = margin + 2;
    }
    line += i == 0 || color ? colored("⠤⠤", color ? static_cast<int>(i) : -1) + " "
                            : std::string(2, kMarks[(i - 1) % std::size(kMarks)]) + " ";
    line += name + "   ";
    used += needed;
  }
  text += line;
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

}  // namespace

std::string ascii_plot(const std::vector<Series>& series, int width, int height, bool color) {
  Extent x_extent;
  Extent y_extent;
  for (const auto& one : series) {
    x_extent.add(one.x);
    y_extent.add(one.y);
  }
  if (x_extent.empty() || y_extent.empty()) return "(nothing to show)\n";
  const Scale x = x_extent.scale(0);
  Scale y = y_extent.scale(0.02);
  width = std::max(width, 30);
  height = std::max(height, 8);
  const auto ticks = y.ticks(std::max(2, height / 4));
  const auto texts = tick_texts(ticks);
  size_t margin = 0;
  for (const auto& text : texts) margin = std::max(margin, text.size());

  Canvas canvas(width - static_cast<int>(margin) - 2, height - 3);
  for (size_t i = series.size(); i-- > 0;) {
    if (i == 0 || color) {
      trace(series[i], x, y, canvas.width() * kDotsX, canvas.height() * kDotsY,
            [&](int px_x, int px_y) { canvas.dot(px_x, px_y, color ? static_cast<int>(i) : -1); });
    } else {
      const char sign = kMarks[(i - 1) % std::size(kMarks)];
      trace(series[i], x, y, canvas.width(), canvas.height(),
            [&](int px_x, int px_y) { canvas.mark(px_x, px_y, sign); });
    }
  }
  y.from = canvas.height() - 1, y.to = 0;
  std::string text;
  for (int row = 0; row < canvas.height(); ++row) {
    const std::string label = label_at(row, y, ticks, texts);
    text += padded(label, margin) + (label.empty() ? " │" : " ┤") + canvas.row(row);
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text + x_axis(x, canvas.width(), margin) + legend_line(series, margin, canvas.width(), color);
}

}  // namespace actlab
