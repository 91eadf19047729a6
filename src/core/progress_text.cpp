#include "core/progress_text.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace actlab {

std::string epoch_of(int64_t epoch, int64_t epochs) {
  const std::string total = std::to_string(epochs);
  std::string number = std::to_string(epoch);
  number.insert(0, total.size() - std::min(total.size(), number.size()), ' ');
  return "epoch " + number + "/" + total + "  ";
}

std::string clock_text(double seconds) {
  if (!(seconds >= 0) || seconds > 100 * 3600) return "--:--";
  const auto whole = static_cast<int64_t>(std::ceil(seconds));
  if (whole < 3600) return formatted("%d:%02d", static_cast<int>(whole / 60), static_cast<int>(whole % 60));
  return formatted("%d:%02d:%02d", static_cast<int>(whole / 3600), static_cast<int>(whole / 60 % 60),
                   static_cast<int>(whole % 60));
}

std::string bar(double share, int width) {
  const int filled = std::clamp(static_cast<int>(share * width), 0, width);
  std::string text(static_cast<size_t>(filled), '=');
  if (filled < width) text += '>';
  text.resize(static_cast<size_t>(width), ' ');
  return "[" + text + "]";
}

std::string short_number(double value) {
  if (value < 1000) return formatted("%.0f", value);
  if (value < 9950) return formatted("%.1fk", value / 1e3);
  if (value < 999500) return formatted("%.0fk", value / 1e3);
  return formatted("%.1fM", value / 1e6);
}

std::string fitting(const std::vector<std::string>& parts, int width) {
  std::string line;
  for (const auto& part : parts) {
    if (!line.empty() && static_cast<int>(line.size() + part.size()) > width) break;
    line += part;
  }
  return line;
}

std::string progress_line(const Progress& progress, int width) {
  constexpr int kLongestBar = 30;
  constexpr int kShortestBar = 5;
  const std::string head = epoch_of(progress.epoch, progress.epochs);
  const std::string tail =
      fitting({formatted("%3.0f %%", std::floor(progress.share * 100)),
               "  " + clock_text(progress.elapsed) + ", ETA " + clock_text(progress.seconds_left),
               formatted("  loss %.4f", progress.loss),
               "  " + short_number(progress.samples_per_second) + " samples/s"},
              width - static_cast<int>(head.size()));
  const int room = std::min(width - static_cast<int>(head.size() + tail.size()) - 4, kLongestBar);
  const std::string line = head + (room >= kShortestBar ? bar(progress.share, room) + "  " : "") + tail;
  return line.substr(0, static_cast<size_t>(std::max(width, 0)));
}

}  // namespace actlab
