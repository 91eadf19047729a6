#include "train/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/log.h"
#include "core/text.h"

namespace actlab {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr int kUsualWidth = 80;

// "epoch  2/10  ", aligned with the run's other rows.
std::string epoch_of(int64_t epoch, int64_t epochs) {
  const std::string total = std::to_string(epochs);
  std::string number = std::to_string(epoch);
  number.insert(0, total.size() - std::min(total.size(), number.size()), ' ');
  return "epoch " + number + "/" + total + "  ";
}

}  // namespace

int terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualWidth;
  return size.ws_col;
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

std::string epoch_line(const EpochRow& row, int64_t epochs, bool best) {
  std::string line = epoch_of(row.epoch, epochs) + formatted("train loss %.4f", row.train_loss);
  if (row.validation_loss) {
    line += formatted("  validation loss %.4f  accuracy %.2f %%", *row.validation_loss,
                      100 * *row.validation_accuracy);
  }
  return line + "  " + short_number(row.samples_per_second) + " samples/s" + (best ? "  best" : "");
}

std::string progress_line(int64_t epoch, int64_t epochs, double share, double samples_per_second,
                          double seconds_left, double loss, int width) {
  const std::string head = epoch_of(epoch, epochs);
  const std::string tail = formatted("  %3.0f %%", std::floor(share * 100)) + "  " +
                           short_number(samples_per_second) + " samples/s  ETA " + clock_text(seconds_left) +
                           formatted("  loss %.4f", loss);
  constexpr int kLongestBar = 40;
  constexpr int kShortestBar = 5;
  const int room = std::min(width - static_cast<int>(head.size() + tail.size()) - 2, kLongestBar);
  const std::string line = head + (room >= kShortestBar ? bar(share, room) : "") + tail;
  return line.substr(0, static_cast<size_t>(std::max(width, 0)));
}

Progress::Progress(int64_t epochs, int64_t examples)
    : enabled_(stderr_is_terminal()), epochs_(epochs), examples_(examples) {}

Progress::~Progress() {
  clear();
}

void Progress::begin_epoch(int64_t epoch, int64_t examples_done) {
  epoch_ = epoch;
  first_ = examples_done;
  begun_ = Clock::now();
  next_draw_ = begun_ + kRedraw;
}

void Progress::update(int64_t examples_done, double loss) {
  if (!enabled_) return;
  const auto now = Clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + kRedraw;
  draw(examples_done, loss);
}

void Progress::draw(int64_t examples_done, double loss) {
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  const double rate = static_cast<double>(examples_done - first_) / std::max(seconds, 1e-9);
  const double left = static_cast<double>((epochs_ - epoch_) * examples_ + examples_ - examples_done);
  const std::string line =
      progress_line(epoch_, epochs_, static_cast<double>(examples_done) / static_cast<double>(examples_),
                    rate, rate > 0 ? left / rate : -1, loss, terminal_width() - 1);
  // Carriage return and "erase to the end of the line": understood by every terminal.
  std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace actlab
