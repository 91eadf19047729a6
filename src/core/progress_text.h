#pragma once

#include <cstdint>
#include <string>

// Progress on one line of a terminal.
namespace actlab {

// The bar's line: "epoch  2/10  [=======>        ]  42 %  151k samples/s  ETA 0:07  loss 0.0912". `width`
// columns at most. `seconds_left` below 0 is not known.
std::string progress_line(int64_t epoch, int64_t epochs, double share, double samples_per_second,
                          double seconds_left, double loss, int width);

// "epoch  2/10  ", aligned with the run's other rows.
std::string epoch_of(int64_t epoch, int64_t epochs);

// 151234 -> "151k", 3412 -> "3.4k", 87 -> "87".
std::string short_number(double value);

// 68.2 -> "1:09", 4000 -> "1:06:40"; below 0 or beyond a few days "--:--".
std::string clock_text(double seconds);

// "[=======>        ]" of that many columns between the brackets.
std::string bar(double share, int width);

// Columns of the terminal that stderr is; the usual 80 where it is none.
int terminal_width();

}  // namespace actlab
