#include "train/contract.h"

namespace actlab {
namespace {

bool is_binary(const std::string& loss) {
  return loss == "bce" || loss == "bce_with_logits";
}

// The output that a loss needs; empty where several do.
std::string needed_output(const std::string& loss) {
  if (loss == "bce") return "sigmoid";
  if (loss == "nll") return "log_softmax";
  return loss == "bce_with_logits" || loss == "cross_entropy" ? "logits" : "";
}

// The loss made for a model that ends so.
std::string fitting_loss(const std::string& output, bool binary) {
  if (binary) return output == "sigmoid" ? "bce" : "bce_with_logits";
  return output == "log_softmax" ? "nll" : "cross_entropy";
}

}  // namespace

std::optional<ContractProblem> check_contract(const std::string& loss, const std::string& output,
                                              int64_t outputs, int64_t classes) {
  const std::string labels = std::to_string(classes) + " classes";
  if (is_binary(loss) && classes != 2) {
    return ContractProblem{
        "loss.type", loss + " tells two classes apart, but the labels have " + labels,
        "data.labels={positive: [...]} for a two-class task, or loss=" + fitting_loss(output, false)};
  }
  if (is_binary(loss) && outputs != 1) {
    return ContractProblem{
        "loss.type", loss + " needs one output, but the model has " + std::to_string(outputs) + " outputs",
        "model.outputs=1, or loss=" + fitting_loss(output, false)};
  }
  if (!is_binary(loss) && outputs != classes && !(loss == "mse" && outputs == 1 && classes == 2)) {
    const std::string mend = classes == 2 && outputs == 1
                                 ? "loss=" + fitting_loss(output, true)
                                 : "a model with " + std::to_string(classes) + " outputs";
    return ContractProblem{
        "loss.type",
        loss + " needs one output a class, but the model has " + std::to_string(outputs) + " for " + labels,
        mend};
  }
  const std::string needed = needed_output(loss);
  if (!needed.empty() && output != needed) {
    const std::string other = fitting_loss(output, is_binary(loss));
    const bool other_fits = needed_output(other) == output;
    return ContractProblem{
        "loss.type", loss + " needs a model that ends in " + needed + ", but this one ends in " + output,
        "model.output=" + needed + (other_fits ? ", or loss=" + other : "")};
  }
  if (loss == "mse" && output == "log_softmax") {
    return ContractProblem{"loss.type", "mse compares with 0 and 1, but log_softmax is never above 0",
                           "model.output=softmax, or loss=nll"};
  }
  return std::nullopt;
}

}  // namespace actlab
