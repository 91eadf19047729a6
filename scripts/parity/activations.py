"""Values and gradients of every activation."""

import torch
from torch.nn import functional as F

from parity.write import tensor

ACTIVATIONS = {
    "identity": lambda x: x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "{type: leaky_relu, negative_slope: 0.2}": lambda x: F.leaky_relu(x, 0.2),
    "prelu": F.prelu,
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
    "softsign": F.softsign,
    "hardtanh": F.hardtanh,
    "hardsigmoid": F.hardsigmoid,
    "hardswish": F.hardswish,
    "log_sigmoid": F.logsigmoid,
    "softmax": lambda x: F.softmax(x, dim=1),
    "log_softmax": lambda x: F.log_softmax(x, dim=1),
}
LEARNED = {"prelu": 0.25, "{type: prelu, init: -0.1}": -0.1}


def activation_figures():
    """y = f(x), and the gradients of sum(weights * y), on a grid with the kinks on it and at
    some points off it."""
    grid = [i / 2 for i in range(-16, 17)] + [-0.01, 0.01, -0.3, 0.3, -1.7, 2.9, 5.99]
    x = torch.tensor(grid).reshape(4, 10)
    upstream = 1 + torch.arange(40.0).reshape(4, 10) / 10
    cases = []
    for spec, function in ACTIVATIONS.items():
        points = x.clone().requires_grad_()
        learned = [torch.full((1,), LEARNED[spec], requires_grad=True)] if spec in LEARNED else []
        y = function(points, *learned)
        y.backward(upstream)
        case = {"activation": spec, "y": tensor(y), "dx": tensor(points.grad)}
        if learned:
            case["dweight"] = tensor(learned[0].grad)
        cases.append(case)
    return {"x": tensor(x), "upstream": tensor(upstream), "cases": cases}
