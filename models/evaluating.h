#pragma once

#include "models/model.h"

namespace actlab {

// While one lives, the model is in evaluation mode; then it has the mode that it had.
class Evaluating {
 public:
  explicit Evaluating(Model& model) : model_(model), was_training_(model.is_training()) { model_.eval(); }
  ~Evaluating() { model_.train(was_training_); }
  Evaluating(const Evaluating&) = delete;
  Evaluating& operator=(const Evaluating&) = delete;

 private:
  Model& model_;
  bool was_training_;
};

}  // namespace actlab
