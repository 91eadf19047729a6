#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "rundir/run_directory.h"

namespace actlab {

// The bar that moves within each epoch, on stderr where that is a terminal; elsewhere nothing.
class Progress {
 public:
  // `examples` an epoch.
  Progress(int64_t epochs, int64_t examples);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void begin_epoch(int64_t epoch, int64_t examples_done);
  // Redraws at most ten times a second. `loss` is the mean of the epoch so far.
  void update(int64_t examples_done, double loss);
  // Removes the bar, so that a line can be logged.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  void draw(int64_t examples_done, double loss);

  bool enabled_;
  bool drawn_ = false;
  int64_t epochs_;
  int64_t examples_;
  int64_t epoch_ = 0;
  int64_t first_ = 0;  // examples done when this process began the epoch
  Clock::time_point begun_;
  Clock::time_point next_draw_;
};

// The bar's line: "epoch  2/10  [=======>        ]  42 %  151k samples/s  ETA 0:07  loss 0.0912". `width`
// columns at most. `seconds_left` below 0 is not known.
std::string progress_line(int64_t epoch, int64_t epochs, double share, double samples_per_second,
                          double seconds_left, double loss, int width);

// The row of a finished epoch: "epoch  2/10  train loss 0.1534  validation loss 0.1432  accuracy 95.12 % 151k
// samples/s".
std::string epoch_line(const EpochRow& row, int64_t epochs, bool best);

// 151234 -> "151k", 3412 -> "3.4k", 87 -> "87".
std::string short_number(double value);

// 68.2 -> "1:09", 4000 -> "1:06:40"; below 0 or beyond a few days "--:--".
std::string clock_text(double seconds);

// "[=======>        ]" of that many columns between the brackets.
std::string bar(double share, int width);

// Columns of the terminal that stderr is; the usual 80 where it is none.
int terminal_width();

}  // namespace actlab
