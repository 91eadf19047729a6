"""Outputs, losses and gradients of whole models."""

import torch
from torch import nn
from torch.nn import functional as F

from parity.rounding import with_rounding
from parity.write import LARGE, figure, given


class Mlp(nn.Module):
    def __init__(self, widths, activations, output):
        super().__init__()
        self.depth = len(widths) - 1
        for i in range(self.depth):
            self.add_module(f"fc{i + 1}", nn.Linear(widths[i], widths[i + 1]))
        for i, activation in enumerate(activations):
            self.add_module(f"act{i + 1}", activation)
        self.output = output

    def forward(self, x):
        h = x.flatten(1)
        for i in range(1, self.depth):
            h = getattr(self, f"act{i}")(getattr(self, f"fc{i}")(h))
        return self.output(getattr(self, f"fc{self.depth}")(h))


class SimpleCnn(nn.Module):
    """As the tutorial writes it: pooled after the activation."""

    def __init__(self, activation, output):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc1 = nn.Linear(64 * 2 * 2, 10)
        self.activation = activation
        self.output = output

    def forward(self, x):
        h = F.max_pool2d(self.activation(self.conv1(x)), 2)
        h = F.max_pool2d(self.activation(self.conv2(h)), 2)
        return self.output(self.fc1(h.flatten(1)))


class Sequential(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1, bias=False),
            nn.BatchNorm2d(4),
            nn.ELU(),
            nn.MaxPool2d(2),
            nn.Conv2d(4, 6, 3, stride=2, padding=1),
            nn.Tanh(),
            nn.AvgPool2d(2),
            nn.Flatten(),
            nn.Linear(6, 3),
        )

    def forward(self, x):
        return self.layers(x)


def log_softmax(h):
    return F.log_softmax(h, dim=1)


def softmax(h):
    return F.softmax(h, dim=1)


def logits(h):
    return h


def one_hot(labels, classes):
    return F.one_hot(labels, classes).double()


def column(labels, _):
    return labels.double().unsqueeze(1)


def class_indices(labels, _):
    return labels


# (model, loss, classes, module, PyTorch's loss, its targets)
MLP_CASES = [
    ("{type: mlp, hidden: [5, 4], activation: tanh, output: sigmoid, outputs: 3}", "mse", 3,
     lambda: Mlp([6, 5, 4, 3], [nn.Tanh(), nn.Tanh()], torch.sigmoid), F.mse_loss, one_hot),
    ("{type: mlp, hidden: [5, 4], activation: silu, output: softmax}", "mse", 3,
     lambda: Mlp([6, 5, 4, 3], [nn.SiLU(), nn.SiLU()], softmax), F.mse_loss, one_hot),
    ("{type: mlp, hidden: [5, 4], activation: relu, output: logits, outputs: 1}", "mse", 2,
     lambda: Mlp([6, 5, 4, 1], [nn.ReLU(), nn.ReLU()], logits), F.mse_loss, column),
    ("{type: binary_classifier, hidden: 5}", "bce", 2,
     lambda: Mlp([6, 5, 1], [nn.ReLU()], torch.sigmoid), F.binary_cross_entropy, column),
    ("{type: binary_classifier, hidden: [5, 4], output: logits}", "bce_with_logits", 2,
     lambda: Mlp([6, 5, 4, 1], [nn.ReLU(), nn.ReLU()], logits), F.binary_cross_entropy_with_logits, column),
    ("{type: mlp, hidden: [5, 4], activation: prelu}", "cross_entropy", 3,
     lambda: Mlp([6, 5, 4, 3], [nn.PReLU(), nn.PReLU()], logits), F.cross_entropy, class_indices),
    ("{type: mlp, hidden: [5, 4], output: log_softmax,"
     " activation: [elu, {type: leaky_relu, negative_slope: 0.2}]}", "nll", 3,
     lambda: Mlp([6, 5, 4, 3], [nn.ELU(), nn.LeakyReLU(0.2)], log_softmax), F.nll_loss, class_indices),
]
IMAGE_CASES = [
    ("simple_cnn", "nll", 10, lambda: SimpleCnn(F.relu, log_softmax), F.nll_loss, class_indices),
    ("{type: simple_cnn, activation: gelu, output: logits}", "cross_entropy", 10,
     lambda: SimpleCnn(F.gelu, logits), F.cross_entropy, class_indices),
    ("{type: sequential, activation: [elu, tanh], layers: ["
     "{type: conv, channels: 4, kernel: 3, padding: 1, bias: false}, batch_norm, activation, max_pool, "
     "{type: conv, channels: 6, kernel: 3, stride: 2, padding: 1}, activation, {type: avg_pool, kernel: 2}, "
     "flatten, linear]}", "cross_entropy", 3, Sequential, F.cross_entropy, class_indices),
]


def formula(parameter):
    """Weights too many to list; the tests know this formula."""
    i = torch.arange(parameter.numel())
    return ((i * 7919 % 1000 - 500).double() / 5000).float().reshape(parameter.shape)


def copy_weights(weights, module):
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(weights[name])


def model_case(model, loss, classes, module, inputs, targets, loss_function):
    """Expects inputs [N, C, H, W]; gradients are those of the loss."""
    start = {name: parameter.detach().clone() for name, parameter in module.named_parameters()}
    large = sum(values.numel() for values in start.values()) > LARGE
    if large:
        start = {name: formula(values) for name, values in start.items()}
    module.double()

    def compute(rounded):
        copy_weights({name: rounded(values) for name, values in start.items()}, module)
        module.zero_grad()
        output = module(rounded(inputs))
        value = loss_function(output, targets)
        value.backward()
        return {"output": output, "value": value} | {name: p.grad.clone() for name, p in module.named_parameters()}

    results = {name: figure(*result) for name, result in with_rounding(compute).items()}
    return {"model": model, "loss": loss, "classes": classes,
            "weights": "formula" if large else {name: given(values) for name, values in start.items()},
            "output": results.pop("output"), "value": results.pop("value"), "gradients": results}


def model_figures():
    groups = []
    for shape, cases in (((7, 1, 1, 6), MLP_CASES), ((5, 1, 8, 8), IMAGE_CASES)):
        inputs = torch.randn(shape)
        group = {"input": given(inputs), "cases": []}
        for model, loss, classes, make, loss_function, targets_of in cases:
            labels = torch.arange(shape[0]) * 3 % classes
            targets = targets_of(labels, classes)
            case = model_case(model, loss, classes, make(), inputs, targets, loss_function)
            group["cases"].append({**case, "labels": labels.tolist()})
        groups.append(group)
    return groups
