#pragma once

#include <string>
#include <vector>

namespace actlab {

// The words as one types them into a shell: quoted where they hold more than plain characters.
std::string shell_text(const std::vector<std::string>& words);

}  // namespace actlab
