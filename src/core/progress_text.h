#pragma once

#include <cstdint>
#include <string>
#include <vector>

// Progress on one line of a terminal.
namespace actlab {

// Where training is.
struct Progress {
  int64_t epoch = 1;
  int64_t epochs = 1;
  double share = 0;  // of the epoch
  double samples_per_second = 0;
  double elapsed = 0;       // seconds, of all epochs
  double seconds_left = 0;  // of all epochs; below 0: not known
  double loss = 0;
};

// The bar's line: "epoch  2/10  [=======>        ]  42 %  0:05, ETA 0:07  loss 0.0912  151k samples/s".
// `width` columns at most: the bar gets shorter and goes, then what stands last.
std::string progress_line(const Progress& progress, int width);

// The parts one after the other, without as many at the end as do not fit into `width` columns; the first
// always stays.
std::string fitting(const std::vector<std::string>& parts, int width);

// "epoch  2/10  ", aligned with the run's other rows.
std::string epoch_of(int64_t epoch, int64_t epochs);

// 151234 -> "151k", 3412 -> "3.4k", 87 -> "87".
std::string short_number(double value);

// 68.2 -> "1:09", 4000 -> "1:06:40"; below 0 or beyond a few days "--:--".
std::string clock_text(double seconds);

// "[=======>        ]" of that many columns between the brackets.
std::string bar(double share, int width);

}  // namespace actlab
