#include "cli/command.h"

#include "config/scalar.h"
#include "core/text.h"

namespace actlab {
namespace {

[[noreturn]] void refuse(const std::string& flag, const std::string& expected, const std::string& given) {
  throw Error(ExitStatus::kUsage, "--" + flag + " must be " + expected + ", not " + shown(given));
}

}  // namespace

int64_t Invocation::whole_number(const std::string& flag, int64_t otherwise, int64_t least,
                                 int64_t most) const {
  if (!has(flag)) return otherwise;
  int64_t number = 0;
  if (parse_number(value(flag), number) == NumberText::kGood && number >= least && number <= most)
    return number;
  refuse(flag, "a whole number from " + std::to_string(least) + " to " + std::to_string(most), value(flag));
}

double Invocation::number(const std::string& flag, double otherwise, double least, double most) const {
  if (!has(flag)) return otherwise;
  double number = 0;
  if (parse_number(value(flag), number) == NumberText::kGood && number >= least && number <= most)
    return number;
  refuse(flag, formatted("a number from %.10g to %.10g", least, most), value(flag));
}

}  // namespace actlab
