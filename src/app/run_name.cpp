#include "app/run_name.h"

#include <cctype>

namespace actlab {

std::string run_name(const Config& config, const std::filesystem::path& file) {
  if (config.run.name != "auto") return config.run.name;
  std::string name = file.stem().string().substr(0, 100);
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_' && c != '-') c = '_';
  }
  if (name.empty() || name[0] == '.') name.insert(0, "_");
  return name;
}

}  // namespace actlab
