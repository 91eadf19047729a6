"""How figures are written down."""

import json

LARGE = 600  # a tensor with more elements is kept as every STRIDE-th of them, and its norm
STRIDE = 97


def floats(values):
    """The shortest decimals that read back as the same float32."""
    return [float(str(value)) for value in values.detach().numpy().flatten()]


def tensor(values):
    """{shape, values}, or {shape, stride, values, norm} of a large one."""
    shape = list(values.shape)
    if values.numel() <= LARGE:
        return {"shape": shape, "values": floats(values)}
    flat = values.detach().flatten()
    norm = flat.double().norm().item()
    return {"shape": shape, "stride": STRIDE, "values": floats(flat[::STRIDE]), "norm": norm}


def tensors(named):
    return {name: tensor(values) for name, values in named}


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
