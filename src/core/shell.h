#pragma once

#include <string>
#include <vector>

namespace actlab {

// The words as one types them into a shell: quoted where they hold more than plain characters.
std::string shell_text(const std::vector<std::string>& words);
// The words of such a text.
std::vector<std::string> shell_words(const std::string& text);

}  // namespace actlab
