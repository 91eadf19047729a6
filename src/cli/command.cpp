#include "cli/command.h"

#include "config/scalar.h"

namespace actlab {

int64_t Invocation::whole_number(const std::string& flag, int64_t otherwise, int64_t least,
                                 int64_t most) const {
  if (!has(flag)) return otherwise;
  int64_t number = 0;
  if (parse_number(value(flag), number) == NumberText::kGood && number >= least && number <= most)
    return number;
  throw Error(ExitStatus::kUsage, "--" + flag + " must be a whole number from " + std::to_string(least) +
                                      " to " + std::to_string(most) + ", not " + shown(value(flag)));
}

}  // namespace actlab
