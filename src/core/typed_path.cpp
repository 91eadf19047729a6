#include "core/typed_path.h"

#include <cstdlib>

#include "core/error.h"

namespace actlab {

std::filesystem::path typed_path(const std::string& text) {
  if (text.empty()) throw Error(ExitStatus::kUsage, "a path is empty: is a variable of your shell not set?");
  if (text[0] != '~') return text;
  std::error_code ignored;
  if (text.size() > 1 && text[1] != '/') {
    if (std::filesystem::exists(text, ignored)) return text;
    throw Error(ExitStatus::kUsage, "'" + text +
                                        "': only ~ and ~/... are understood; write the path out, or ./" +
                                        text + " for what is called so");
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0')
    throw Error(ExitStatus::kUsage,
                "'" + text + "': HOME is not set, so ~ has no meaning; write the path out");
  const size_t rest = text.find_first_not_of('/', 1);
  return rest == std::string::npos ? std::filesystem::path(home)
                                   : home / std::filesystem::path(text.substr(rest));
}

}  // namespace actlab
