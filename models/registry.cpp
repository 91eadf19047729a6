#include "models/registry.h"

#include "config/registry.h"
#include "models/binary_classifier.h"
#include "models/mlp.h"
#include "models/registry_fields.h"
#include "models/sequential.h"
#include "models/simple_cnn.h"

namespace actlab {
namespace {

struct ModelType {
  ComponentType component;
  ModelOutput (*output)(const Node& model, const InputShape& input, int64_t classes);
  std::shared_ptr<Model> (*make)(const Node& model, const InputShape& input, int64_t classes);
};

template <class M>
Node resolve_model(const Node& section, const std::string& type, const ReadContext& context) {
  const size_t mistakes = context.problems.size();
  const auto options = read_options<typename M::Options>(section, context);
  // Fields that could not be read would only give it more to complain about.
  const std::string problem = context.problems.size() == mistakes ? options.problem() : "";
  if (!problem.empty()) context.fail(section, problem);
  return write_options(options, type);
}

template <class M>
ModelType row(const char* name, const char* help) {
  return {
      {name, help, resolve_model<M>},
      [](const Node& model, const InputShape& input, int64_t classes) {
        return M::output_of(read_options<typename M::Options>(model), input, classes);
      },
      [](const Node& model, const InputShape& input, int64_t classes) -> std::shared_ptr<Model> {
        return std::make_shared<M>(read_options<typename M::Options>(model), input, classes);
      },
  };
}

const std::vector<ModelType>& model_types() {
  static const std::vector<ModelType> table = {
      row<BinaryClassifier>("binary_classifier", "fully connected, one output: the article's 784 - 100 - 1"),
      row<SimpleCnn>("simple_cnn", "the article's two convolutions and a linear layer"),
      row<Mlp>("mlp", "fully connected layers of any widths"),
      row<Sequential>("sequential", "the layers that the config lists"),
  };
  return table;
}

}  // namespace

ComponentSection model_section() {
  return section_of("model", model_types());
}

ModelOutput model_output(const Node& model, const InputShape& input, int64_t classes) {
  return find_row(model_types(), model).output(model, input, classes);
}

std::shared_ptr<Model> make_model(const Node& model, const InputShape& input, int64_t classes) {
  try {
    return find_row(model_types(), model).make(model, input, classes);
  } catch (const c10::Error& e) {
    if (std::string(e.what()).find("allocate memory") == std::string::npos) throw;
    throw Error(ExitStatus::kFailed, "the model needs more memory than there is; make its layers narrower");
  }
}

InitSpec init_of(const Node& model) {
  InitSpec init;
  Problems problems;  // none: the section has been read before
  if (const Node* node = model.find("init")) read_value(*node, init, {"model.init", problems});
  return init;
}

}  // namespace actlab
