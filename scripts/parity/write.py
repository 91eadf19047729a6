"""How figures are written down."""

import json

from parity.rounding import UNIT, largest

LARGE = 600  # a tensor with more elements is kept as every STRIDE-th of them, and its norm
STRIDE = 97


def given(values):
    """{shape, values} of float32 that both sides start from: the shortest decimals that read back as the same."""
    return {"shape": list(values.shape), "values": [float(str(value)) for value in values.detach().numpy().flatten()]}


def decimals(values):
    """Of the float64, what is far below the rounding of float32."""
    return [float(f"{value:.10g}") for value in values]


def figure(values, rounding, terms=()):
    """{shape, values, rounding}, or {shape, stride, values, norm, rounding} of a large one.

    rounding is at least that of the largest number among the values and the `terms` that they were computed from.
    """
    flat = values.detach().flatten()
    result = {"shape": list(values.shape)}
    if flat.numel() > LARGE:
        result |= {"stride": STRIDE, "norm": decimals([flat.norm().item()])[0]}
        flat = flat[::STRIDE]
    rounding = max(rounding, UNIT * largest(values, *terms))
    return result | {"values": decimals(flat.tolist()), "rounding": float(f"{rounding:.3g}")}


def component(name, options):
    """A section of a config, as YAML."""
    pairs = {"type": name, **options}
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()).replace("True", "true") + "}"


def to_json(value):
    """JSON in which lists of numbers and tensors take one line each, so that changes can be read."""
    if isinstance(value, dict) and "shape" not in value:
        lines = [f"{json.dumps(key)}: {to_json(item)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + "\n}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(to_json(item) for item in value) + "\n]"
    return json.dumps(value, separators=(",", ":"))
