#include "activation/table.h"

#include <algorithm>
#include <iterator>

#include "activation/table_further.h"
#include "activation/table_groups.h"
#include "activation/table_libtorch.h"
#include "core/error.h"
#include "core/suggest.h"

namespace actlab {

const std::vector<ActivationInfo>& activation_table() {
  static const std::vector<ActivationInfo> table = [] {
    std::vector<ActivationInfo> rows = kLibtorchActivations;
    std::ranges::copy(kFurtherActivations, std::back_inserter(rows));
    std::ranges::copy(kGroupActivations, std::back_inserter(rows));
    return rows;
  }();
  return table;
}

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const auto& info : activation_table()) names.push_back(info.name);
  return names;
}

const ActivationInfo& find_activation(const std::string& name) {
  const auto& table = activation_table();
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& info) { return info.name == name; });
  if (found != table.end()) return *found;
  throw Error(ExitStatus::kUsage, unknown_name("activation", name, activation_names(), kActivationList));
}

}  // namespace actlab
