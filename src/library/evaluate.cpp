#include <actlab/train.h>

#include <nlohmann/json.hpp>

#include "app/evaluation.h"

namespace actlab::v0 {

EvaluationResult evaluate(const std::filesystem::path& checkpoint, const std::string& split,
                          const std::vector<std::string>& overrides) {
  const app::EvaluateResult done =
      app::evaluate({.checkpoint = checkpoint, .overrides = overrides, .split = split});
  const Evaluation& evaluation = done.evaluation;
  EvaluationResult result{.examples = evaluation.examples,
                          .loss = evaluation.loss,
                          .headline = {evaluation.headline.name, evaluation.value}};
  for (const auto& [name, value] : evaluation.figures.items()) {
    if (value.is_number()) result.figures[name] = value.get<double>();
  }
  if (const auto found = evaluation.figures.find("confusion"); found != evaluation.figures.end())
    found->get_to(result.confusion);
  return result;
}

}  // namespace actlab::v0
