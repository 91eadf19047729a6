#include "data/registry.h"

#include <string>
#include <vector>

#include "config/registry.h"
#include "data/idx_files.h"
#include "data/mnist.h"
#include "data/prepare.h"
#include "data/synthetic.h"

namespace actlab {
namespace {

struct DataType {
  ComponentType component;
  DataParts (*load)(const Node& section, int64_t seed);
  ExampleShape (*task_shape)(const Node& section);  // 0 where only the files will tell
};

template <class Options>
Node resolve(const Node& section, const std::string& type, const ReadContext& context) {
  const auto options = read_options<Options>(section, context);
  options.check(section, context);
  return write_options(options, type);
}

template <class Options>
DataParts load(const Node& section, int64_t seed) {
  const auto options = read_options<Options>(section);
  return prepare(options.load(seed), options, seed);
}

template <class Options>
ExampleShape task_shape(const Node& section) {
  const auto options = read_options<Options>(section);
  ExampleShape shape = options.stated_shape();
  shape.classes = task_classes(options.labels, shape.classes);
  return shape;
}

template <class Options>
DataType row(const char* name, const char* help) {
  return {{name, help, resolve<Options>}, load<Options>, task_shape<Options>};
}

const std::vector<DataType>& data_types() {
  static const std::vector<DataType> table = {
      row<MnistOptions>("mnist", "handwritten digits: the four original files in a folder"),
      row<IdxFilesOptions>("idx", "grey images and labels of your own in four IDX files"),
      row<SyntheticOptions>("synthetic", "random images in classes, made up on the spot"),
  };
  return table;
}

}  // namespace

ComponentSection data_section() {
  return section_of("data", data_types());
}

DataParts load_data(const Node& data, int64_t seed) {
  return find_row(data_types(), data).load(data, seed);
}

std::optional<ExampleShape> known_shape(const Node& data) {
  const ExampleShape shape = find_row(data_types(), data).task_shape(data);
  if (shape.features() == 0 || shape.classes == 0) return std::nullopt;
  return shape;
}

}  // namespace actlab
