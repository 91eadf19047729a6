#pragma once

#include <actlab/api.h>

#include <stdexcept>
#include <string>

namespace actlab {

// How the process ends. Scripts rely on these numbers.
enum class ExitStatus : int {
  kDone = 0,
  kFailed = 1,
  kUsage = 2,     // command line or config
  kData = 3,      // a data file is missing, damaged or not what the config says
  kDiverged = 4,  // NaN or Inf during training
  kMissed = 5,    // an asked-for threshold was not reached
  kInterrupted = 130,
  kTerminated = 143,
};

// The only exception type of the project: the message says what is wrong, where, and what to do about it.
// Thrown where the value is used, caught once in main. "Throws Error (2)" means that its status is 2.
class ACTLAB_API Error : public std::runtime_error {
 public:
  Error(ExitStatus status, const std::string& message) : std::runtime_error(message), status_(status) {}

  ExitStatus status() const noexcept { return status_; }

 private:
  ExitStatus status_;
};

}  // namespace actlab
