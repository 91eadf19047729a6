#include "core/log.h"

#include <utility>

namespace actlab::v0 {

void set_log_handler(LogHandler handler) {
  log_to(std::move(handler));
}

}  // namespace actlab::v0
