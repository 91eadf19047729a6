#include "config/keys.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "core/suggest.h"
#include "core/text.h"

namespace actlab {
namespace {

// What other programs call these.
constexpr std::pair<const char*, const char*> kSynonyms[] = {
    {"learning_rate", "lr"},
    {"batch", "batch_size"},
    {"bs", "batch_size"},
    {"batchsize", "batch_size"},
    {"num_epochs", "epochs"},
    {"n_epochs", "epochs"},
    {"max_epochs", "epochs"},
    {"random_seed", "seed"},
    {"hidden_size", "hidden"},
    {"wd", "weight_decay"},
    {"num_threads", "threads"},
    {"act", "activation"},
    {"hidden_sizes", "hidden"},
    {"dataset", "data"},
    {"optim", "optimizer"},
    {"scheduler", "schedule"},
    {"criterion", "loss"},
    {"gpu", "device"},
    {"cuda", "device"},
    {"output_dir", "root"},
    {"clip_grad_norm", "norm"},
    {"clip_norm", "norm"},
    {"max_norm", "norm"},
    {"gradient_clip_val", "clip"},
    {"grad_clip", "clip"},
    {"nonlinearity", "activation"},
    {"num_classes", "classes"},
    {"val_split", "validation"},
    {"validation_split", "validation"},
    {"activation_function", "activation"},
    {"early_stop", "early_stopping"},
};

std::string last_name(const std::string& key) {
  return key.substr(key.rfind('.') + 1);
}

std::vector<std::string> ending_with(const std::string& name, const std::vector<std::string>& all) {
  std::vector<std::string> keys;
  for (const auto& key : all) {
    if (last_name(key) == name) keys.push_back(key);
  }
  return keys;
}

void collect(const Node& map, const std::string& prefix, std::vector<std::string>& keys) {
  for (const auto& entry : map.entries) {
    const std::string key = dotted(prefix, entry.key);
    if (entry.key != "type") keys.push_back(key);
    collect(entry.value, key, keys);
  }
}

}  // namespace

std::vector<std::string> keys_of(const Node& map) {
  std::vector<std::string> keys;
  collect(map, "", keys);
  return keys;
}

std::string key_like(const std::string& key, const std::vector<std::string>& all, bool exactly) {
  constexpr size_t kMost = 3;
  const std::string name = last_name(key);
  const auto* synonym = std::ranges::find_if(kSynonyms, [&](const auto& pair) { return name == pair.first; });
  auto found = ending_with(name, all);
  if (found.empty() && synonym != std::end(kSynonyms)) found = ending_with(synonym->second, all);
  // Those of the section that was named are meant before others, and options of a section before those
  // further in.
  const std::string section = key.substr(0, key.find('.') + 1);
  const auto inside = [&](const std::string& of) { return of.starts_with(section); };
  if (std::ranges::any_of(found, inside)) std::erase_if(found, std::not_fn(inside));
  const auto depth = [](const std::string& of) { return std::ranges::count(of, '.'); };
  const auto least = std::ranges::min_element(found, {}, depth);
  if (least != found.end())
    std::erase_if(found, [&, most = depth(*least)](auto& of) { return depth(of) > most; });
  if (found.size() > kMost) found.resize(kMost);
  if (!found.empty()) return join(found, "' or '");
  if (exactly) return "";
  std::vector<std::string> names;
  for (const auto& known : all) names.push_back(last_name(known));
  const std::string near = nearest(name, names);
  return near.empty() ? "" : key_like(near, all, /*exactly=*/true);
}

std::string known_here(const std::vector<std::string>& keys) {
  constexpr size_t kFew = 8;
  return keys.size() <= kFew ? "known here: " + join(keys) : "actlab config show FILE prints all keys";
}

}  // namespace actlab
