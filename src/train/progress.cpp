#include "train/progress.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/log.h"
#include "core/progress_text.h"
#include "core/text.h"

namespace actlab {
namespace {

constexpr double kRedrawSeconds = 0.1;
constexpr const char* kBest = "best";

}  // namespace

std::string epoch_line(const EpochRow& row, int64_t epochs, bool best, int width) {
  const std::string head = epoch_of(row.epoch, epochs);
  const std::string train_loss = formatted("train loss %.4f  ", row.train_loss);
  std::string held_out;
  if (row.validation_loss) {
    held_out = formatted("val loss %.4f  val ", *row.validation_loss) + row.headline.name + " " +
               value_text(row.headline, *row.validation_headline) + "  ";
  }
  if (best) held_out += kBest + std::string("  ");
  std::string more;
  for (const auto& [name, value] : row.more) more += name + formatted(" %.4f  ", value);
  const std::string speed = short_number(row.samples_per_second) + " samples/s";
  std::string line;
  for (const std::string& shorter :
       {head + train_loss + held_out + more + speed, head + train_loss + held_out + more,
        head + train_loss + held_out, head + held_out}) {
    if (!line.empty() && (static_cast<int>(line.size()) <= width || shorter == head)) break;
    line = shorter.substr(0, shorter.find_last_not_of(' ') + 1);
  }
  return line;
}

ProgressBar::~ProgressBar() {
  clear_status();
}

void ProgressBar::begin_epoch(const TrainState& state, int64_t examples) {
  if (!std::exchange(begun_, true)) since_first_ = {};
  examples_ = examples;
  epoch_ = state.epoch + 1;
  first_ = state.examples;
  since_begun_ = {};
  since_drawn_ = {};
}

void ProgressBar::step(const StepRecord&, const TrainState& state) {
  if (since_drawn_.seconds() < kRedrawSeconds || !shows_status()) return;
  since_drawn_ = {};
  draw(state.examples, state.loss_sum / static_cast<double>(state.examples));
}

void ProgressBar::epoch(const EpochRow&, bool) {
  clear_status();
}

void ProgressBar::end() {
  clear_status();
}

void EpochLog::epoch(const EpochRow& row, bool best) {
  std::string on_console = epoch_line(row, epochs_, best, console_width(INT_MAX));
  const size_t place = on_console.find(kBest);
  if (best && place != std::string::npos)
    on_console.replace(place, std::string_view(kBest).size(), emphasized(kBest, Color::kGreen));
  log_info(epoch_line(row, epochs_, best), on_console);
}

void ProgressBar::draw(int64_t examples_done, double loss) const {
  constexpr int kUsualWidth = 80;
  const double rate = static_cast<double>(examples_done - first_) / std::max(since_begun_.seconds(), 1e-9);
  const double left = static_cast<double>((epochs_ - epoch_) * examples_ + examples_ - examples_done);
  draw_status(progress_line({.epoch = epoch_,
                             .epochs = epochs_,
                             .share = static_cast<double>(examples_done) / static_cast<double>(examples_),
                             .samples_per_second = rate,
                             .elapsed = since_first_.seconds(),
                             .seconds_left = rate > 0 ? left / rate : -1,
                             .loss = loss},
                            console_width(kUsualWidth) - 1));
}

}  // namespace actlab
