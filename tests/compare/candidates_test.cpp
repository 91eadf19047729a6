#include "compare/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/document.h"
#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

auto labelled(const std::string& label, const std::string& folder) {
  return AllOf(Field(&Candidate::label, label), Field(&Candidate::folder, folder));
}

std::string list_refusal(const std::string& list) {
  return error_of([&] { parse_candidates(list); }, ExitStatus::kUsage);
}

TEST(Candidates, AreAListOfWhatModelActivationTakes) {
  EXPECT_THAT(parse_candidates("relu, {type: elu, alpha: 0.50},{formula: \"x*sigmoid(x)\"}"),
              ElementsAre(labelled("relu", "relu"), labelled("elu(alpha=0.50)", "elu_alpha_0.50"),
                          labelled("x*sigmoid(x)", "x_sigmoid_x")));
}

TEST(Candidates, FormulasShowTheirParameters) {
  EXPECT_EQ(
      parse_candidates("{formula: 'x * sigmoid(b*x)', parameters: {b: {init: 1.0, learn: true}}}")[0].label,
      "x * sigmoid(b*x) with b=1.0");
  EXPECT_EQ(parse_candidates("{formula: \"x\\n*2\"}")[0].label, "x *2");
}

TEST(Candidates, AListIsOneActivationALayer) {
  EXPECT_THAT(parse_candidates("relu,[tanh, {type: elu, alpha: 2}]"),
              ElementsAre(labelled("relu", "relu"), labelled("[tanh, elu(alpha=2)]", "tanh_elu_alpha_2")));
}

TEST(Candidates, SpecsReadBackAsWhatWasWritten) {
  const std::string list =
      "{type: elu, alpha: 0.5}, {formula: \"max(x, '0') # \\u00e9 \\\\ \\\"q\\\"\"}, [relu, tanh]";
  Problems problems;
  const Node written = parse_yaml_value("[" + list + "]", problems, "");
  const auto candidates = parse_candidates(list);
  ASSERT_EQ(candidates.size(), written.items.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    EXPECT_EQ(parse_yaml_value(candidates[i].spec, problems, ""), written.items[i]) << candidates[i].spec;
    EXPECT_EQ(candidates[i].spec.find('\n'), std::string::npos);
  }
  EXPECT_TRUE(problems.empty()) << problems.text();
}

TEST(Candidates, FoldersAreSafeAndUnique) {
  EXPECT_THAT(parse_candidates("{formula: x*x}, {formula: x+x}, {formula: ../../etc}, {formula: '**'}"),
              ElementsAre(labelled("x*x", "x_x"), labelled("x+x", "x_x-2"),
                          labelled("../../etc", "activation.._.._etc"), labelled("**", "activation")));
  const auto longer = parse_candidates("{formula: " + std::string(500, 'x') + "}");
  EXPECT_LE(longer[0].folder.size(), 60U);
}

TEST(Candidates, MistakesAreNamed) {
  EXPECT_THAT(list_refusal("relu,tanh,relu"), AllOf(HasSubstr("--activations"), HasSubstr("relu")));
  EXPECT_THAT(list_refusal("relu,{type: relu}"), HasSubstr("twice"));
  for (const char* list :
       {"", " ", "relu,,tanh", "relu]", "{type: elu", "relu],[tanh", "!!str relu", "&a relu"}) {
    EXPECT_THAT(list_refusal(list), HasSubstr("--activations")) << list;
  }
}

TEST(Candidates, ABaselineIsFoundHoweverItIsWritten) {
  const auto candidates = parse_candidates("relu,{type: elu, alpha: 0.5},[relu, tanh]");
  EXPECT_EQ(find_candidate(candidates, "relu"), 0U);
  EXPECT_EQ(find_candidate(candidates, "elu(alpha=0.5)"), 1U);
  EXPECT_EQ(find_candidate(candidates, "{type: elu, alpha: 0.5}"), 1U);
  EXPECT_EQ(find_candidate(candidates, "[relu,tanh]"), 2U);
  EXPECT_THAT(error_of([&] { find_candidate(candidates, "rellu"); }, ExitStatus::kUsage),
              AllOf(HasSubstr("--baseline"), HasSubstr("did you mean 'relu'")));
}

}  // namespace
}  // namespace actlab::test
