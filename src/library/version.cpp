#include <actlab/version.h>

namespace actlab::v0 {

const char* version() {
  return ACTLAB_VERSION_STRING;
}

}  // namespace actlab::v0
