#pragma once

#include <cstdint>
#include <string>

namespace actlab {

// The shortest text that reads back as the same number, in every locale.
std::string number_text(double value);

// The same without an exponent: 1000 and 0.0001 where number_text has 1e+03 and 1e-04. For messages; files
// keep number_text.
std::string plain_text(double value);

// "1 epoch", "3 epochs"; `many` where the plural is not made by an s.
std::string counted(int64_t count, const std::string& one, const std::string& many = "");

}  // namespace actlab
