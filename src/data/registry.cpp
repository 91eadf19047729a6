#include "data/registry.h"

#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

#include "config/registry.h"
#include "core/memory.h"
#include "core/notice.h"
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
  std::vector<std::string> (*paths)();
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
  RawData data = options.load(seed);
  if (data.name.empty()) data.name = component_type(section);
  return prepare(data, options, seed);
}

template <class Options>
ExampleShape task_shape(const Node& section) {
  const auto options = read_options<Options>(section);
  ExampleShape shape = options.stated_shape();
  shape.classes = task_classes(options.labels, shape.classes);
  return shape;
}

// Visitor that lists the options which are paths.
struct PathLister {
  std::vector<std::string> names;

  template <class T, class... Rule>
  void operator()(const char* name, T&, const char*, const Rule&...) {
    if constexpr (std::is_same_v<T, std::filesystem::path>) names.emplace_back(name);
  }
};

template <class Options>
std::vector<std::string> paths() {
  Options options;
  PathLister lister;
  options.visit(lister);
  return lister.names;
}

template <class Options>
DataType row(const char* name, const char* help) {
  return {{name, help, resolve<Options>}, load<Options>, task_shape<Options>, paths<Options>};
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
  return section_of("data", data_types(), "", "data of your own: docs/data.md");
}

DataParts load_data(const Node& data, int64_t seed) {
  const Notice notice("reading the data");
  const DataType& type = find_row(data_types(), data);
  return with_memory_for("reading the data (" + type.component.name + ")",
                         [&] { return type.load(data, seed); });
}

std::vector<std::string> data_paths(const Node& data) {
  return find_row(data_types(), data).paths();
}

std::optional<ExampleShape> known_shape(const Node& data) {
  const ExampleShape shape = find_row(data_types(), data).task_shape(data);
  if (shape.features() == 0 || shape.classes == 0) return std::nullopt;
  return shape;
}

}  // namespace actlab
