#include "models/registry_fields.h"

#include <algorithm>

#include "activation/formula_activation.h"
#include "activation/table.h"
#include "config/keys.h"
#include "core/suggest.h"

namespace actlab {
namespace {

// `name`, or `{type: name, ...}`: the type, checked against the known ones; nullopt once a mistake is
// reported.
std::optional<std::string> read_type(const Node& node, const Choice& known, const ReadContext& context) {
  const Node* type = node.is_map() ? node.find("type") : &node;
  if (type == nullptr) {
    context.fail(node, "has no type", "", known_names(known.names, known.list));
    return std::nullopt;
  }
  std::string name;
  const size_t before = context.problems.size();
  read_value(*type, name, node.is_map() ? context.inside("type") : context, known);
  if (context.problems.size() != before) return std::nullopt;
  return name;
}

// Reports the keys of a map that are not among `known`.
void report_unknown(const Node& node, std::vector<std::string> known, const ReadContext& context) {
  known.emplace_back("type");
  for (const auto& entry : node.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    Node at_key;
    at_key.where = entry.where;
    context.inside(entry.key).fail(at_key, kUnknownKey, nearest(entry.key, known), known_here(known));
  }
}

// Reads `field` where the type has it; a type that has not reports the key as unknown.
template <class T, class... Rule>
void read_if(bool has, const Node& node, const char* name, T& field, std::vector<std::string>& known,
             const ReadContext& context, const Rule&... rule) {
  if (!has) return;
  known.emplace_back(name);
  if (const Node* value = node.find(name)) read_value(*value, field, context.inside(name), rule...);
}

// A parameter of a formula: `{init: 1.0, learn: true}`, or a number for a constant.
struct FormulaParameter {
  double init = 1;
  bool learn = false;

  template <class Visitor>
  void visit(Visitor& v) {
    v("init", init, "its value, or where it starts", between(-1e6, 1e6));
    v("learn", learn, "whether it is trained");
  }
};

void read_formula_parameters(const Node& node, ActivationSpec& spec, const ReadContext& context) {
  if (!node.is_map())
    return context.fail_expecting(node, "a map of names, each with {init: X, learn: true|false}");
  for (const auto& entry : node.entries) {
    const ReadContext inside = context.inside(entry.key);
    FormulaParameter parameter;
    if (entry.value.is_scalar()) {
      read_value(entry.value, parameter.init, inside, between(-1e6, 1e6));
    } else {
      read_fields(entry.value, parameter, inside);
    }
    spec.parameters[entry.key] = parameter.init;
    if (parameter.learn) spec.learned.insert(entry.key);
  }
}

// The place of a character inside a scalar that stands on one line.
Node at_character(const Node& scalar, size_t offset) {
  Node place = scalar;
  if (place.where.column > 0) place.where.column += static_cast<int>(offset) + (scalar.quoted ? 1 : 0);
  return place;
}

// `{formula: "x * sigmoid(b * x)", parameters: {b: {init: 1.0, learn: true}}}`
void read_formula(const Node& node, ActivationSpec& out, const ReadContext& context) {
  const size_t before = context.problems.size();
  if (const Node* type = node.find("type")) {
    return context.inside("type").fail(*type, "a formula has no type; leave out one of the two");
  }
  ActivationSpec spec{kFormulaType, {}};
  const Node& text = *node.find("formula");
  const ReadContext at_text = context.inside("formula");
  if (!text.is_scalar()) return at_text.fail_expecting(text, "a formula in quotes");
  spec.formula = text.text;
  if (const Node* parameters = node.find("parameters")) {
    read_formula_parameters(*parameters, spec, context.inside("parameters"));
  }
  report_unknown(node, {"formula", "parameters"}, context);
  if (context.problems.size() != before) return;
  try {
    check_formula(spec);
  } catch (const FormulaError& e) {
    return at_text.fail(at_character(text, e.offset()), e.what());
  } catch (const Error& e) {
    return at_text.fail(text, e.what());
  }
  out = spec;
}

Node write_formula(const ActivationSpec& spec) {
  Node node = Node::map();
  node["formula"] = Node::scalar(spec.formula, /*quoted=*/true);
  if (spec.parameters.empty()) return node;
  node["parameters"] = Node::map();
  for (const auto& [name, value] : spec.parameters) {
    node["parameters"][name] = write_value(FormulaParameter{value, spec.learned.contains(name)});
  }
  return node;
}

// The field is there where a gain has been given.
void read_gain(const Node& node, const std::string& type, std::optional<double>& gain,
               std::vector<std::string>& known, const ReadContext& context) {
  double value = 0;
  const size_t before = context.problems.size();
  read_if(InitSpec::usual_gain(type).has_value(), node, "gain", value, known, context, above_zero(1e6));
  if (value > 0 && context.problems.size() == before) gain = value;
}

bool draws_with_std(const std::string& init_type) {
  return init_type == "normal" || init_type == "truncated_normal";
}

template <class... Layers>
std::vector<std::string> layer_types(const std::variant<Layers...>*) {
  return {Layers::kType...};
}

template <class... Layers>
void read_layer(std::variant<Layers...>& out, const std::string& type, const Node& node,
                const ReadContext& context) {
  const auto read_as = [&]<class L>(L) {
    if (type == L::kType) out = read_options<L>(node, context);
  };
  (read_as(Layers{}), ...);
}

}  // namespace

void read_value(const Node& node, ActivationSpec& out, const ReadContext& context) {
  if (node.find("formula") != nullptr) return read_formula(node, out, context);
  const auto type = read_type(node, Choice{activation_names(), kActivationList, "activation"}, context);
  if (!type) return;
  ActivationSpec spec{*type, {}};
  std::vector<std::string> known;
  for (const auto& parameter : find_activation(*type).parameters) {
    double value = parameter.value;
    read_if(true, node, parameter.name.c_str(), value, known, context, parameter.range);
    spec.parameters[parameter.name] = value;
  }
  report_unknown(node, known, context);
  out = spec;
}

Node write_value(const ActivationSpec& spec) {
  if (spec.type == kFormulaType) return write_formula(spec);
  const auto& parameters = find_activation(spec.type).parameters;
  if (parameters.empty()) return Node::scalar(spec.type);
  Node node = Node::map();
  node["type"] = Node::scalar(spec.type);
  for (const auto& parameter : parameters) {
    const auto given = spec.parameters.find(parameter.name);
    node[parameter.name] = write_value(given == spec.parameters.end() ? parameter.value : given->second);
  }
  return node;
}

void read_value(const Node& node, ActivationChoice& out, const ReadContext& context) {
  if (node.is_list() && node.items.empty())
    return context.fail(node, "an empty list; name at least one activation");
  read_value(node, out.specs, context);
}

Node write_value(const ActivationChoice& choice) {
  return choice.specs.size() == 1 ? write_value(choice.specs[0]) : write_value(choice.specs);
}

void read_value(const Node& node, BiasInit& out, const ReadContext& context) {
  const auto type = read_type(node, Choice{BiasInit::types()}, context);
  if (!type) return;
  out.type = *type;
  std::vector<std::string> known;
  read_if(*type == "constant", node, "value", out.value, known, context, Range{});
  read_if(*type == "normal", node, "std", out.std, known, context, above_zero(1e6));
  report_unknown(node, known, context);
}

Node write_value(const BiasInit& bias) {
  if (bias.type != "constant" && bias.type != "normal") return Node::scalar(bias.type);
  Node node = Node::map();
  node["type"] = Node::scalar(bias.type);
  if (bias.type == "constant") node["value"] = write_value(bias.value);
  if (bias.type == "normal") node["std"] = write_value(bias.std);
  return node;
}

void read_value(const Node& node, InitSpec& out, const ReadContext& context) {
  const auto type = read_type(node, Choice{InitSpec::types()}, context);
  if (!type) return;
  out.type = *type;
  std::vector<std::string> known;
  out.gain.reset();
  read_gain(node, *type, out.gain, known, context);
  read_if(draws_with_std(*type), node, "std", out.std, known, context, above_zero(1e6));
  read_if(true, node, "bias", out.bias, known, context);
  report_unknown(node, known, context);
}

Node write_value(const InitSpec& init) {
  Node node = Node::map();
  node["type"] = Node::scalar(init.type);
  if (init.gain) node["gain"] = write_value(*init.gain);
  if (draws_with_std(init.type)) node["std"] = write_value(init.std);
  node["bias"] = write_value(init.bias);
  return node;
}

void read_value(const Node& node, Layer& out, const ReadContext& context) {
  const auto type = read_type(node, Choice{layer_types(&out)}, context);
  if (!type) return;
  Node options = Node::map();
  options.where = node.where;
  read_layer(out, *type, node.is_map() ? node : options, context);
}

Node write_value(const Layer& layer) {
  Node node = std::visit([](const auto& l) { return write_options(l, l.kType); }, layer);
  return node.entries.size() == 1 ? Node::scalar(layer_type(layer)) : node;
}

}  // namespace actlab
