#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/trained_model.h"
#include "data/images.h"

namespace actlab::app {

// What a model says of one input.
struct Prediction {
  std::vector<float> output;         // as the model puts it out
  std::vector<float> probabilities;  // one a class; empty for a task without classes
  int64_t label = -1;                // the likeliest class; -1 without classes
  bool finite = true;                // no number is NaN or infinite; otherwise none of them means anything

  float probability() const { return probabilities.at(static_cast<size_t>(label)); }
};

// Runs a checkpoint's model on files.
class Predictor {
 public:
  // `overrides` may change device and threads. Throws Error as load_trained_model does.
  Predictor(const std::filesystem::path& checkpoint, const std::vector<std::string>& overrides);

  // Calls use(index, prediction) for each input of the file, a picture or an IDX file of images, in order.
  // `invert` turns dark on light into light on dark. Throws Error (3) for a file that cannot be read or holds
  // inputs of another shape. False where the pictures look the other way round than those of the training
  // data: dark on light, though these are light on dark, or the reverse.
  bool predict(const std::string& file, bool invert,
               const std::function<void(int64_t index, const Prediction& prediction)>& use) const;

  const std::vector<std::string>& class_names() const { return trained_.state.class_names; }

 private:
  std::vector<Prediction> predict_batch(const torch::Tensor& inputs) const;
  bool looks_alike(const Inputs& inputs) const;

  TrainedModel trained_;
};

}  // namespace actlab::app
