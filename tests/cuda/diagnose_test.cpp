#include <torch/utils.h>

#include <cmath>

#include "cli/run_actlab.h"
#include "cuda/cuda_support.h"
#include "diagnose/examine.h"
#include "models/registry.h"
#include "parity.h"
#include "train/model_state.h"
#include "train/tasks.h"

namespace actlab::test {
namespace {

using nlohmann::json;
using torch::Tensor;

class CudaDiagnose : public CudaTest {};

// Numbers within `tolerance` of their size, everything else equal; but for how long it took.
void expect_similar(const json& gpu, const json& cpu, double tolerance, const std::string& place) {
  ASSERT_EQ(gpu.type(), cpu.type()) << place;
  if (cpu.is_number_float()) {
    const double expected = cpu;
    EXPECT_NEAR(gpu.get<double>(), expected, tolerance * std::abs(expected)) << place;
  } else if (cpu.is_array()) {
    ASSERT_EQ(gpu.size(), cpu.size()) << place;
    for (size_t i = 0; i < cpu.size(); ++i)
      expect_similar(gpu[i], cpu[i], tolerance, place + "/" + std::to_string(i));
  } else if (cpu.is_object()) {
    for (const auto& [key, value] : cpu.items()) {
      ASSERT_TRUE(gpu.contains(key)) << place << key;
      expect_similar(gpu[key], value, tolerance, place + "/" + key);
    }
  } else {
    EXPECT_EQ(gpu, cpu) << place;
  }
}

json diagnosis(const TemporaryFolder& folder, const std::string& subject, const std::string& device,
               const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"diagnose", subject, "--json", "device=" + device};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = run_actlab(folder, arguments);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return outcome.status == 0 ? outcome.json() : json();
}

void expect_same_diagnosis(const TemporaryFolder& folder, const std::string& subject,
                           const std::vector<std::string>& more = {}) {
  const json gpu = diagnosis(folder, subject, tested_device_name(), more);
  const json cpu = diagnosis(folder, subject, "cpu", more);
  ASSERT_FALSE(cpu["layers"].empty());
  // In double on both, of weights drawn on the CPU: a hundred thousand roundings of 1e-16.
  expect_similar(gpu["layers"], cpu["layers"], 1e-8, "layers");
  ASSERT_EQ(gpu["verdicts"].size(), cpu["verdicts"].size());
  for (size_t i = 0; i < cpu["verdicts"].size(); ++i)
    EXPECT_EQ(gpu["verdicts"][i]["name"], cpu["verdicts"][i]["name"]);
}

TEST_F(CudaDiagnose, OfAConfigIsTheCpus) {
  const TemporaryFolder folder;
  expect_same_diagnosis(folder, small_config(folder));
  expect_same_diagnosis(
      folder, kConfigs + "deep_sigmoid.yaml",
      {"data={type: synthetic, examples: 1000}", "model.activation={formula: x * sigmoid(x) - 0.1}"});
}

TEST_F(CudaDiagnose, OfACheckpointIsTheCpus) {
  const TemporaryFolder folder;
  const Outcome train = run_actlab(
      folder, {"train", small_config(folder), "--json", "train.epochs=2", "device=" + tested_device_name()});
  ASSERT_EQ(train.status, 0) << train.err;
  expect_same_diagnosis(folder, train.json()["checkpoint"]);
}

// Remedies are trained, from the model in double that was examined.
TEST_F(CudaDiagnose, TriesRemedies) {
  const TemporaryFolder folder;
  const json result = diagnosis(folder, kConfigs + "deep_sigmoid.yaml", tested_device_name(),
                                {"data={type: synthetic, examples: 1000}", "--try", "--steps", "5"});
  EXPECT_GE(result["tried"].size(), 2U);
}

// What a monitor sees while training goes on in float32.
TEST_F(CudaDiagnose, AnExaminationInFloat32IsTheCpus) {
  const auto examined = [](torch::Device device) {
    torch::manual_seed(6);
    const auto model = make_model(
        resolved(model_section(), "{type: mlp, hidden: [30, 20, 10], activation: [relu, tanh, prelu]}"),
        {1, 1, 12}, 3);
    const Tensor inputs = torch::randn({200, 1, 1, 12}).to(device);
    const Tensor labels = (torch::arange(200) % 3).to(device);
    place(*model, device);
    const Classification task = classification("cross_entropy", model->output(), 3);
    const UpdateRatio update(*model);
    {
      const torch::NoGradGuard no_grad;
      for (auto& parameter : model->parameters()) parameter.mul_(1.01);
    }
    Examination found =
        examine(*model, [&](const Tensor& y, const Tensor& t) { return task.loss(y, t); },
                {200, [&](int64_t first, int64_t n) {
                   return std::pair(inputs.slice(0, first, first + n), labels.slice(0, first, first + n));
                 }});
    add_update_ratios(found, update.measure());
    json layers = json::array();
    // As text, in which what is undefined is null.
    for (const auto& layer : found.layers) layers.push_back(json::parse(to_json(layer).dump()));
    return layers;
  };
  expect_similar(examined(tested_device()), examined(torch::kCPU), 1e-3, "layers");
}

}  // namespace
}  // namespace actlab::test
