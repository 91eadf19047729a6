#pragma once

#include <actlab/api.h>
#include <torch/nn/module.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace actlab {
inline namespace v0 {

// A trained model as a module of LibTorch. Its parameters have the names of the checkpoint's tensors:
// "model.fc1.weight".
class ACTLAB_API TrainedModule : public torch::nn::Module {
 public:
  ~TrainedModule() override;

  // Normalised inputs [N, C, H, W] to what the model puts out, [N, outputs]: logits, or what its last
  // function makes of them. Differentiable.
  torch::Tensor forward(const torch::Tensor& inputs);

  // Raw values as data files hold them, pixels from 0 to 255, of any dtype, [N, C, H, W], to what forward
  // takes: float32, on the device of the parameters. Throws Error (3) for another shape.
  torch::Tensor normalized(const torch::Tensor& raw) const;

  // Raw values to what the model makes of them, in evaluation mode and without gradients: probabilities
  // [N, classes], or the output itself where the task has no classes. Throws as normalized does.
  torch::Tensor predict(const torch::Tensor& raw);

  // Of one example: [C, H, W].
  std::vector<int64_t> input_shape() const;
  // One a class; none where the task has none.
  const std::vector<std::string>& class_names() const;

 private:
  friend ACTLAB_API std::shared_ptr<TrainedModule> load_model(const std::filesystem::path& checkpoint,
                                                              const std::string& device);
  struct ACTLAB_HIDDEN Parts;

  explicit TrainedModule(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

// Reads and verifies the checkpoint; the module is in evaluation mode. It runs where it was trained, or on
// the CPU where that GPU is not there; `device` (auto, cpu, cuda, cuda:N) asks for another. Throws Error (1)
// when the file is damaged or the device is not there.
ACTLAB_API std::shared_ptr<TrainedModule> load_model(const std::filesystem::path& checkpoint,
                                                     const std::string& device = "");

}  // namespace v0
}  // namespace actlab
