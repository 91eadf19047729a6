#include "cli/print.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/error.h"

namespace actlab {

void print_json(const nlohmann::ordered_json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

void finish_stdout() {
  errno = 0;
  const bool failed = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  if (!failed || errno == EPIPE) return;
  throw Error(ExitStatus::kFailed, std::string("cannot write to stdout: ") +
                                       (errno != 0 ? std::strerror(errno) : "output was lost"));
}

}  // namespace actlab
