"""Values and gradients of every activation that PyTorch has, and of what combines features."""

import torch
from torch.nn import functional as F

from parity.rounding import with_rounding
from parity.write import figure, given


def maxout(x, pieces):
    return x.unflatten(1, (pieces, -1)).max(dim=1).values


def gated(x, gate):
    value, gated_by = x.chunk(2, dim=1)
    return value * gate(gated_by)


ACTIVATIONS = {
    "identity": lambda x: x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "{type: leaky_relu, negative_slope: 0.2}": lambda x: F.leaky_relu(x, 0.2),
    "prelu": F.prelu,
    "rrelu": F.rrelu,
    "{type: rrelu, lower: 0.1, upper: 0.5}": lambda x: F.rrelu(x, 0.1, 0.5),
    "{type: prelu, init: -0.1}": F.prelu,
    "elu": F.elu,
    "{type: elu, alpha: 0.5}": lambda x: F.elu(x, 0.5),
    "celu": F.celu,
    "{type: celu, alpha: 2}": lambda x: F.celu(x, 2.0),
    "selu": F.selu,
    "relu6": F.relu6,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "softplus": F.softplus,
    "{type: softplus, beta: 2}": lambda x: F.softplus(x, beta=2.0),
    "{type: softplus, threshold: 30}": lambda x: F.softplus(x, threshold=30.0),
    "softsign": F.softsign,
    "hardtanh": F.hardtanh,
    "{type: hardtanh, min_val: -0.5, max_val: 3}": lambda x: F.hardtanh(x, -0.5, 3.0),
    "hardsigmoid": F.hardsigmoid,
    "hardswish": F.hardswish,
    "log_sigmoid": F.logsigmoid,
    "hardshrink": F.hardshrink,
    "{type: hardshrink, lambda: 2}": lambda x: F.hardshrink(x, 2.0),
    "softshrink": F.softshrink,
    "{type: softshrink, lambda: 0.25}": lambda x: F.softshrink(x, 0.25),
    "tanhshrink": F.tanhshrink,
    "threshold": lambda x: F.threshold(x, 0.0, 0.0),
    "{type: threshold, threshold: 1, value: -2}": lambda x: F.threshold(x, 1.0, -2.0),
    "softmax": lambda x: F.softmax(x, dim=1),
    "log_softmax": lambda x: F.log_softmax(x, dim=1),
    "softmin": lambda x: F.softmin(x, dim=1),
    "maxout": lambda x: maxout(x, 2),
    "{type: maxout, pieces: 5}": lambda x: maxout(x, 5),
    "crelu": lambda x: torch.cat((F.relu(x), F.relu(-x)), dim=1),
    "glu": lambda x: F.glu(x, dim=1),
    "reglu": lambda x: gated(x, F.relu),
    "geglu": lambda x: gated(x, F.gelu),
    "swiglu": lambda x: gated(x, F.silu),
}
LEARNED = {"prelu": 0.25, "{type: prelu, init: -0.1}": -0.1}


def activation_case(spec, function, x, upstream):
    """y = f(x), and the gradients of sum(upstream * y).

    x is not rounded: the grid lies on the kinks on purpose, and beside them the slope is another. For it, y has at
    least the rounding of x, and dL/dx that of upstream: functions are sums of terms as large as what goes in.
    """
    learned = [torch.full((1,), LEARNED[spec])] if spec in LEARNED else []

    def compute(rounded):
        points = x.double().requires_grad_()
        weights = [rounded(weight).requires_grad_() for weight in learned]
        y = function(points, *weights)
        y.backward(rounded(upstream[:, : y.shape[1]]))
        return {"y": y, "dx": points.grad} | {"dweight": weight.grad for weight in weights}

    terms = {"y": [x], "dx": [upstream]}
    results = with_rounding(compute).items()
    return {"activation": spec} | {name: figure(*result, terms.get(name, ())) for name, result in results}


def activation_figures():
    """On a grid with the kinks on it and at some points off it."""
    grid = [i / 2 for i in range(-16, 17)] + [-0.01, 0.01, -0.3, 0.3, -1.7, 2.9, 5.99]
    x = torch.tensor(grid).reshape(4, 10)
    upstream = 1 + torch.arange(80.0).reshape(4, 20) / 10  # the first columns, as many as there are of y
    cases = [activation_case(spec, function, x, upstream) for spec, function in ACTIVATIONS.items()]
    return {"x": given(x), "upstream": given(upstream), "cases": cases}
