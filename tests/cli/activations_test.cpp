#include <gmock/gmock.h>

#include <cmath>

#include "app/activation_card.h"
#include "cli/run_here.h"
#include "core/file.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ActivationsCommand, ListHasTheWholeCatalogue) {
  const auto rows = run_here({"activations", "list", "--json"}).json();
  EXPECT_GE(rows.size(), 50U);
  std::vector<std::string> names;
  for (const auto& row : rows) {
    names.push_back(row["name"]);
    EXPECT_NE(row["formula"], "");
  }
  EXPECT_THAT(names, testing::IsSupersetOf({"relu", "rrelu", "snake", "maxout", "swiglu", "log_softmax"}));
  const Outcome table = run_here({"activations", "list"});
  for (const auto& name : names) EXPECT_THAT(table.out, HasSubstr("\n" + name + " ")) << name;
}

TEST(ActivationsCommand, TheReferenceIsWhatListPrints) {
  const std::string printed = run_here({"activations", "list", "--markdown"}).out;
  EXPECT_GT(printed.size(), 5000U);
  EXPECT_TRUE(text_of(ACTLAB_SOURCE_DIR "/docs/activations.md").ends_with(printed))
      << "docs/activations.md is out of date; docs/extending.md says how to bring it up to date";
}

TEST(ActivationsCommand, ShowSaysWhatIsMeasured) {
  const auto gelu = run_here({"activations", "show", "gelu", "--json"}).json();
  EXPECT_EQ(gelu["name"], "gelu");
  EXPECT_NEAR(gelu["moments"]["mean"].get<double>(), 0.5 / std::sqrt(M_PI), 1e-9);
  EXPECT_NEAR(gelu["moments"]["derivative_second"].get<double>(), 0.455851, 1e-6);
  EXPECT_NEAR(gelu["range"][0].get<double>(), -0.16997121, 1e-8);
  EXPECT_TRUE(gelu["range"][1].is_null());
  EXPECT_EQ(gelu["limits"][1], "inf");
  EXPECT_NEAR(gelu["steepest"]["slope"].get<double>(), 1.12890415, 1e-8);
  EXPECT_EQ(gelu["monotone"], false);
  EXPECT_EQ(gelu["zero_centred"], false);
  EXPECT_NEAR(gelu["gain"].get<double>(), 1.53353, 1e-5);
  EXPECT_GT(gelu["nanoseconds"]["forward"].get<double>(), 0.01);
  EXPECT_GT(gelu["nanoseconds"]["backward"].get<double>(), 0.01);
  const Outcome text = run_here({"activations", "show", "{type: elu, alpha: 0.5}"});
  EXPECT_EQ(text.status, 0) << text.err;
  for (const char* part :
       {"elu(alpha=0.5)", "expm1", "alpha = 0.5", "(-0.5, inf)", "kinks", "ns", "Clevert"}) {
    EXPECT_THAT(text.out, HasSubstr(part));
  }
}

TEST(ActivationsCommand, WhatCombinesFeaturesHasMomentsButNoCurve) {
  const auto maxout = run_here({"activations", "show", "{type: maxout, pieces: 3}", "--json"}).json();
  for (const char* key : {"range", "critical_point", "monotone", "limits"}) {
    EXPECT_TRUE(maxout[key].is_null()) << key;
  }
  EXPECT_NEAR(maxout["moments"]["mean"].get<double>(), 0.846284, 1e-6);
  EXPECT_NEAR(maxout["gain"].get<double>(), 1 / std::sqrt(1.275664), 1e-6);
  EXPECT_EQ(maxout["zero_centred"], false);
  EXPECT_EQ(maxout["parameters"][0]["value"], 3);
  const Outcome plot = run_here({"activations", "plot", "softmax", "--ascii"});
  EXPECT_EQ(plot.status, 2);
  EXPECT_THAT(plot.err, HasSubstr("softmax"));
}

// What overflows would have quadrature halve its panels for ever.
TEST(ActivationsCommand, FormulasThatExplodeOrSwingAreShown) {
  const auto exploding = run_here({"activations", "show", "formula: exp(exp(0.7 * x))", "--json"}).json();
  EXPECT_TRUE(exploding["moments"]["mean"].is_null());
  EXPECT_EQ(exploding["monotone"], true);
  const auto swinging = run_here({"activations", "show", "formula: sin(100000 * x)", "--json"}).json();
  EXPECT_NEAR(swinging["range"][1].get<double>(), 1, 1e-6);
}

TEST(ActivationsCommand, PlotWritesAFileOrDrawsInTheTerminal) {
  const TemporaryFolder folder;
  const std::string file = folder / "two.svg";
  const Outcome plot = run_here({"activations", "plot", "relu", "{type: elu, alpha: 0.5}", "--out", file});
  EXPECT_EQ(plot.out, file + "\n") << plot.err;
  const std::string svg = text_of(file);
  EXPECT_THAT(svg, HasSubstr("<svg"));
  EXPECT_THAT(svg, HasSubstr("elu(alpha=0.5)"));
  EXPECT_THAT(svg, HasSubstr("dashed"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  const Outcome drawn = run_here({"activations", "plot", "tanh", "--ascii", "--from=-3", "--to=3"});
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_THAT(drawn.out, HasSubstr("tanh"));
  const auto json = run_here({"activations", "plot", "relu", "--out", file, "--json"}).json();
  EXPECT_EQ(json["file"], file);
}

TEST(ActivationsCommand, MistakesOnTheCommandLineAreExplained) {
  for (const auto& [arguments, expected] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"lst"}, "'list'"},
           {{"show"}, "which?"},
           {{"show", "rleu"}, "'relu'"},
           {{"show", "relu", "gelu"}, "at most 1"},
           {{"show", "relu", "--ascii"}, "--ascii belongs to activations plot"},
           {{"plot", "relu", "--from", "nan"}, "--from"},
           {{"plot", "relu", "--from=3", "--to=2"}, "--from"},
           {{"plot", "relu", "--to=1e300"}, "--to"},
           {{"plot", "relu", "--ascii", "--json"}, "--ascii"}}) {
    std::vector<std::string> whole = {"activations"};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    const Outcome outcome = run_here(whole);
    EXPECT_EQ(outcome.status, 2) << expected;
    EXPECT_THAT(outcome.err, HasSubstr(expected));
    EXPECT_EQ(outcome.out, "");
  }
  const Outcome lost = run_here({"activations", "plot", "relu", "--out", "/nowhere/at/all.svg"});
  EXPECT_EQ(lost.status, 1);
  EXPECT_THAT(lost.err, HasSubstr("/nowhere/at"));
}

TEST(ActivationSpecText, MistakesAreExplained) {
  for (const auto& [text, expected] :
       std::vector<std::pair<std::string, std::string>>{{"", "SPEC"},
                                                        {"rleu", "'relu'"},
                                                        {"{type: elu, alpah: 1}", "'alpha'"},
                                                        {"{type: elu, alpha: .nan}", "alpha"},
                                                        {"{type: elu, alpha: -1}", "alpha"},
                                                        {"{type: hardtanh, min_val: 2}", "min_val"},
                                                        {"{type: maxout, pieces: 2.5}", "whole"},
                                                        {"{type: elu, alpha: 1", "SPEC"},
                                                        {"x * sigmoid(x)", "'formula: x * sigmoid(x)'"},
                                                        {"formula: x * (", "character"},
                                                        {"[relu, gelu]", "SPEC"},
                                                        {std::string(3000, '['), "SPEC"},
                                                        {"!!python/object relu", "tag"}}) {
    try {
      parse_activation_spec(text);
      ADD_FAILURE() << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), ExitStatus::kUsage) << text;
      EXPECT_THAT(e.what(), HasSubstr(expected));
    }
  }
}

}  // namespace
}  // namespace actlab::test
