#include "app/run_name.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "core/file.h"

namespace actlab {
namespace {

constexpr size_t kLongest = 100;  // what run.name may have

// The key and everything below it.
bool is_below(const std::string& key, const std::string& section) {
  return key == section || key.starts_with(section + ".");
}

bool counts(const std::string& key) {
  const auto sections = {"train.epochs", "run", "threads", "device", "checkpoint", "diagnose"};
  return std::ranges::none_of(sections, [&](const char* section) { return is_below(key, section); });
}

std::string safe(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool kept = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
    if (kept || !name.ends_with('_')) name += kept ? c : '_';
  }
  while (name.ends_with('_')) name.pop_back();
  return name;
}

// A name says what it is of: elu, sgd, he_normal. A number or a yes does not.
bool speaks(const std::string& word) {
  for (const char* mute : {"true", "false", "auto", "none", "null", "yes", "no"}) {
    if (word == mute) return false;
  }
  return !word.empty() && std::isalpha(static_cast<unsigned char>(word[0])) != 0;
}

// The value of a key, with the key's last part where the value alone says too little.
std::string words_of(const std::string& key, const Node& value, bool labelled) {
  if (value.is_map()) {
    std::string words;
    const Node* type = value.find("type");
    if (type != nullptr) words = words_of(dotted(key, "type"), *type, false);
    for (const auto& entry : value.entries) {
      const std::string inner = dotted(key, entry.key);
      if (&entry.value != type && counts(inner)) words += words_of(inner, entry.value, type == nullptr);
    }
    return words;
  }
  std::string text = value.text;
  for (const auto& item : value.items) text += (text.empty() ? "" : "-") + item.text;
  // Of a path, the last part.
  if (text.starts_with('/') || text.starts_with("./") || text.starts_with("../"))
    text = std::filesystem::path(text).filename().string();
  const bool label = labelled && (!speaks(text) || value.is_list());
  return (label ? "-" + safe(key.substr(key.rfind('.') + 1)) : "") + "-" + safe(text);
}

std::string bounded(const std::string& name) {
  if (name.size() <= kLongest) return name;
  const std::string digest = "-" + sha256({as_bytes(name)}).substr(0, 8);
  return name.substr(0, kLongest - digest.size()) + digest;
}

}  // namespace

std::string run_name(const Config& config, const std::filesystem::path& file,
                     const std::vector<std::string>& overrides) {
  if (config.run.name != "auto") return config.run.name;
  std::string name = file.stem().string().substr(0, kLongest);
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_' && c != '-') c = '_';
  }
  if (name.empty() || name[0] == '.') name.insert(0, "_");
  std::map<std::string, std::string> words;  // in the order of the keys, the last of equal ones
  Problems none;                             // they have been checked
  for (const auto& override : overrides) {
    const size_t equals = override.find('=');
    const std::string key = override.substr(0, equals);
    if (!counts(key)) continue;
    words[key] = words_of(key, parse_yaml_value(override.substr(equals + 1), none, key), true);
  }
  for (const auto& [key, word] : words) name += word;
  return bounded(name);
}

}  // namespace actlab
