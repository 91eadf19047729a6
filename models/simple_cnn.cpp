#include "models/simple_cnn.h"

#include "core/error.h"
#include "models/pool_first.h"

namespace actlab {

ModelDescription describe(const SimpleCnnOptions& options, const InputShape& input, int64_t classes) {
  if (input.height < 4 || input.width < 4) {
    throw Error(ExitStatus::kUsage, "model simple_cnn needs images of at least 4x4, not " +
                                        std::to_string(input.height) + "x" + std::to_string(input.width) +
                                        "; choose model.type=mlp for these data");
  }
  const std::vector<NamedLayer> layers = {
      {"conv1", ConvLayer{.channels = 32, .kernel = 3, .padding = 1}},
      {"act1", ActivationLayer{options.activation.at(0)}},
      {"pool1", MaxPoolLayer{}},
      {"conv2", ConvLayer{.channels = 64, .kernel = 3, .padding = 1}},
      {"act2", ActivationLayer{options.activation.at(1)}},
      {"pool2", MaxPoolLayer{}},
      {"flatten", FlattenLayer{}},
      {"fc1", LinearLayer{.units = {classes}}},
  };
  return {pool_first(layers), options.output, options.init};
}

}  // namespace actlab
