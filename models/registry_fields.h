#pragma once

#include "config/fields.h"
#include "models/activation_choice.h"
#include "models/init.h"
#include "models/layers.h"

// How the field types of models are written in a config: see config/fields.h.
namespace actlab {

void read_value(const Node& node, ActivationSpec& out, const ReadContext& context);
Node write_value(const ActivationSpec& spec);

void read_value(const Node& node, ActivationChoice& out, const ReadContext& context);
Node write_value(const ActivationChoice& choice);

void read_value(const Node& node, BiasInit& out, const ReadContext& context);
Node write_value(const BiasInit& bias);

void read_value(const Node& node, InitSpec& out, const ReadContext& context);
Node write_value(const InitSpec& init);

void read_value(const Node& node, Layer& out, const ReadContext& context);
Node write_value(const Layer& layer);

}  // namespace actlab
