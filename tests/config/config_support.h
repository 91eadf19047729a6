#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/document.h"
#include "config/fields.h"

namespace actlab::test {

// Sections of a small made-up program, so that these tests do not depend on the real catalogue.
struct NoOptions {
  template <class Visitor>
  void visit(Visitor&) {}
};

struct StepOptions {
  double lr = 0.001;
  std::vector<double> betas = {0.9, 0.999};

  template <class Visitor>
  void visit(Visitor& v) {
    v("lr", lr, "step size", above_zero());
    v("betas", betas, "decay of the averages", fraction_below_one());
  }
};

struct NetOptions {
  std::vector<int64_t> hidden = {100};
  std::string output = "sigmoid";
  std::string label = "none";

  template <class Visitor>
  void visit(Visitor& v) {
    v("hidden", hidden, "widths", between(1, 1e6));
    v("output", output, "what comes out", Choice{{"sigmoid", "logits"}});
    v("label", label, "any text");
  }
};

struct FolderOptions {
  std::filesystem::path root = "/data";
  Auto<double> validation;

  template <class Visitor>
  void visit(Visitor& v) {
    v("root", root, "folder");
    v("validation", validation, "share", fraction_below_one());
  }
};

inline std::vector<ComponentSection> test_sections() {
  return {
      {"data", {{"folder", "", resolve_options<FolderOptions>}}, ""},
      {"model", {{"net", "", resolve_options<NetOptions>}, {"cnn", "", resolve_options<NoOptions>}}, ""},
      {"loss", {{"bce", "", resolve_options<NoOptions>}, {"mse", "", resolve_options<NoOptions>}}, ""},
      {"optimizer",
       {{"adam", "", resolve_options<StepOptions>}, {"sgd", "", resolve_options<StepOptions>}},
       "adam"},
      {"schedule", {{"constant", "", resolve_options<NoOptions>}}, "constant"},
  };
}

// The least that these sections need.
inline const char* const kSmallConfig = "data: folder\nmodel: net\nloss: bce\n";

inline Config parse_small(const std::string& more, Problems& problems,
                          const std::vector<std::string>& overrides = {}) {
  return parse_config(kSmallConfig + more, "c.yaml", overrides, test_sections(), problems);
}

// The messages about `more`, laid under the small config.
inline std::string mistakes_in(const std::string& more, const std::vector<std::string>& overrides = {}) {
  Problems problems;
  parse_small(more, problems, overrides);
  return problems.text();
}

// A tree that must parse.
inline Node tree(const std::string& text) {
  Problems problems;
  Node node = parse_yaml(text, "tree.yaml", problems);
  EXPECT_EQ(problems.text(), "") << text;
  return node;
}

// A random list, map or text, with what is hard to write down: quotes, breaks, controls, look-alikes.
inline Node random_node(std::mt19937& random, int depth) {
  static const std::vector<std::string> texts = {"",
                                                 "a",
                                                 "true",
                                                 "null",
                                                 "~",
                                                 "5",
                                                 "-5",
                                                 "1e3",
                                                 "0x1F",
                                                 "a: b",
                                                 " lead",
                                                 "trail ",
                                                 "#x",
                                                 "a #x",
                                                 "- a",
                                                 "-",
                                                 "---",
                                                 "...",
                                                 "a\nb",
                                                 "\n",
                                                 "a\r\nb",
                                                 "\ttab",
                                                 "'",
                                                 "\"",
                                                 "\\",
                                                 "[a",
                                                 "{a}",
                                                 "a,b",
                                                 "&a",
                                                 "*a",
                                                 "!a",
                                                 "%a",
                                                 "@a",
                                                 "`a",
                                                 "|",
                                                 ">",
                                                 "?",
                                                 "? a",
                                                 ":",
                                                 "a:",
                                                 ":a",
                                                 "cuda:1",
                                                 "a:b:c",
                                                 "ünïcode→",
                                                 "\x01",
                                                 "\x7F",
                                                 "\xC2\x85",
                                                 "yes",
                                                 "NULL",
                                                 "1_000",
                                                 ".5",
                                                 "+1",
                                                 "1.",
                                                 "inf",
                                                 ".nan",
                                                 "~/data",
                                                 "/a/b",
                                                 "a b  c",
                                                 "=",
                                                 "<<",
                                                 "\xEF\xBB\xBFmark",
                                                 "\xE2\x80\xA8line",
                                                 "x*sigmoid(b*x)",
                                                 "${env:A}",
                                                 "2024-01-01"};
  const auto below = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random); };
  const auto text = [&] {
    return below(8) == 0 ? texts[below(texts.size())] + texts[below(texts.size())]
                         : texts[below(texts.size())];
  };
  const size_t choice = depth == 0 ? 0 : below(4);
  if (choice < 2) return Node::scalar(text(), /*quoted=*/true);
  Node node = choice == 2 ? Node::list() : Node::map();
  for (size_t i = below(5); i > 0; --i) {
    Node child = random_node(random, depth - 1);
    if (node.is_list()) {
      node.items.push_back(std::move(child));
    } else {
      node[text()] = std::move(child);
    }
  }
  return node;
}

}  // namespace actlab::test
