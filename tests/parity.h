#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "config/config.h"
#include "config/document.h"

// PyTorch's figures, which scripts/make_parity_figures wrote, and the configs that belong to them.
namespace actlab::test {

inline const nlohmann::json& parity_figures() {
  static const nlohmann::json figures = [] {
    std::ifstream file(ACTLAB_SOURCE_DIR "/tests/data/parity.json");
    return nlohmann::json::parse(file);
  }();
  return figures;
}

// A section as a loaded config has it: checked, with all defaults.
inline Node resolved(const ComponentSection& section, const std::string& yaml) {
  Problems problems;
  const Node written = parse_yaml_value(yaml, problems, section.name);
  Node node = resolve_component(written, section.types, {section.name, problems});
  EXPECT_EQ(problems.text(), "") << yaml;
  return node;
}

}  // namespace actlab::test
