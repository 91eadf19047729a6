#include "models/registry.h"

#include "config/registry.h"
#include "core/memory.h"
#include "models/binary_classifier.h"
#include "models/mlp.h"
#include "models/registry_fields.h"
#include "models/sequential.h"
#include "models/simple_cnn.h"

namespace actlab {
namespace {

struct ModelType {
  ComponentType component;
  ModelDescription (*describe)(const Node& model, const InputShape& input, int64_t classes);
};

template <class Options>
Node resolve_model(const Node& section, const std::string& type, const ReadContext& context) {
  const size_t mistakes = context.problems.size();
  const auto options = read_options<Options>(section, context);
  // Fields that could not be read would only give it more to complain about.
  const std::string problem = context.problems.size() == mistakes ? options.problem() : "";
  if (!problem.empty()) context.fail(section, problem);
  return write_options(options, type);
}

template <class Options>
ModelType model_type(const char* name, const char* help) {
  return {{name, help, resolve_model<Options>},
          [](const Node& model, const InputShape& input, int64_t classes) {
            return describe(read_options<Options>(model), input, classes);
          }};
}

const std::vector<ModelType>& model_types() {
  static const std::vector<ModelType> table = {
      model_type<BinaryClassifierOptions>("binary_classifier",
                                          "fully connected, one output: the tutorial's 784 - 100 - 1"),
      model_type<SimpleCnnOptions>("simple_cnn", "the tutorial's two convolutions and a linear layer"),
      model_type<MlpOptions>("mlp", "fully connected layers of any widths"),
      model_type<SequentialOptions>("sequential", "the layers that the config lists"),
  };
  return table;
}

}  // namespace

ComponentSection model_section() {
  return section_of("model", model_types());
}

ModelOutput model_output(const Node& model, const InputShape& input, int64_t classes) {
  return output_of(find_row(model_types(), model).describe(model, input, classes), input);
}

int64_t weight_count(const Node& model, const InputShape& input, int64_t classes) {
  return weight_count(find_row(model_types(), model).describe(model, input, classes), input);
}

std::shared_ptr<Model> make_model(const Node& model, const InputShape& input, int64_t classes) {
  return with_memory_for("the model", [&] {
    return std::make_shared<Model>(find_row(model_types(), model).describe(model, input, classes), input);
  });
}

InitSpec init_of(const Node& model) {
  InitSpec init;
  Problems problems;  // none: the section has been read before
  if (const Node* node = model.find("init")) read_value(*node, init, {"model.init", problems});
  return init;
}

}  // namespace actlab
