#include "train/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/log.h"
#include "core/progress_text.h"
#include "core/text.h"

namespace actlab {
namespace {

constexpr double kRedrawSeconds = 0.1;

}  // namespace

std::string epoch_line(const EpochRow& row, int64_t epochs, bool best) {
  std::string line = epoch_of(row.epoch, epochs) + formatted("train loss %.4f", row.train_loss);
  if (row.validation_loss) {
    line += formatted("  validation loss %.4f  ", *row.validation_loss) + row.headline.name + " " +
            value_text(row.headline, *row.validation_headline);
  }
  return line + "  " + short_number(row.samples_per_second) + " samples/s" + (best ? "  best" : "");
}

ProgressBar::ProgressBar(int64_t epochs) : enabled_(stderr_is_terminal()), epochs_(epochs) {}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::begin_epoch(const TrainState& state, int64_t examples) {
  examples_ = examples;
  epoch_ = state.epoch + 1;
  first_ = state.examples;
  since_begun_ = {};
  since_drawn_ = {};
}

void ProgressBar::step(const StepRecord&, const TrainState& state) {
  if (!enabled_ || since_drawn_.seconds() < kRedrawSeconds) return;
  since_drawn_ = {};
  draw(state.examples, state.loss_sum / static_cast<double>(state.examples));
}

void ProgressBar::epoch(const EpochRow&, bool) {
  clear();
}

void ProgressBar::end() {
  clear();
}

void EpochLog::epoch(const EpochRow& row, bool best) {
  log_info(epoch_line(row, epochs_, best));
}

void ProgressBar::draw(int64_t examples_done, double loss) {
  const double rate = static_cast<double>(examples_done - first_) / std::max(since_begun_.seconds(), 1e-9);
  const double left = static_cast<double>((epochs_ - epoch_) * examples_ + examples_ - examples_done);
  const std::string line =
      progress_line(epoch_, epochs_, static_cast<double>(examples_done) / static_cast<double>(examples_),
                    rate, rate > 0 ? left / rate : -1, loss, terminal_width() - 1);
  // Carriage return and "erase to the end of the line": understood by every terminal.
  std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressBar::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace actlab
