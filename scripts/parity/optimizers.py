"""Ten steps of every optimizer."""

import torch
from torch import nn
from torch.nn import functional as F

from parity.models import Mlp, copy_weights, logits
from parity.rounding import with_rounding
from parity.write import component, figure, given

OPTIMIZERS = [
    ("sgd", torch.optim.SGD, {"lr": 0.5}),
    ("sgd", torch.optim.SGD, {"lr": 0.2, "momentum": 0.9}),
    ("sgd", torch.optim.SGD, {"lr": 0.2, "momentum": 0.9, "dampening": 0.5}),
    ("sgd", torch.optim.SGD, {"lr": 0.1, "momentum": 0.8, "nesterov": True}),
    ("sgd", torch.optim.SGD, {"lr": 0.5, "weight_decay": 0.1}),
    ("sgd", torch.optim.SGD, {"lr": 0.2, "momentum": 0.9, "weight_decay": 0.1}),
    ("adam", torch.optim.Adam, {}),
    ("adam", torch.optim.Adam, {"lr": 0.05, "weight_decay": 0.1}),
    ("adam", torch.optim.Adam, {"lr": 0.05, "amsgrad": True}),
    ("adam", torch.optim.Adam, {"lr": 0.05, "beta1": 0.5, "beta2": 0.9, "eps": 0.001}),
    ("adamw", torch.optim.AdamW, {}),
    ("adamw", torch.optim.AdamW, {"lr": 0.05, "weight_decay": 0.1}),
    ("adamw", torch.optim.AdamW, {"lr": 0.05, "amsgrad": True}),
    ("rmsprop", torch.optim.RMSprop, {}),
    ("rmsprop", torch.optim.RMSprop, {"momentum": 0.9}),
    ("rmsprop", torch.optim.RMSprop, {"centered": True}),
    ("rmsprop", torch.optim.RMSprop, {"alpha": 0.9, "eps": 0.001, "weight_decay": 0.1}),
    ("rmsprop", torch.optim.RMSprop, {"momentum": 0.5, "centered": True, "weight_decay": 0.1}),
]
STEPS = 10
WITHOUT_DECAY = ("act1.weight", "act2.weight")


def small_model():
    return Mlp([6, 5, 4, 3], [nn.PReLU(), nn.PReLU()], logits)


def make_optimizer(optimizer_type, options, module):
    named = list(module.named_parameters())
    arguments = {key: value for key, value in options.items() if key not in ("beta1", "beta2")}
    if "beta1" in options:
        arguments["betas"] = (options["beta1"], options["beta2"])
    return optimizer_type([
        {"params": [p for n, p in named if n not in WITHOUT_DECAY]},
        {"params": [p for n, p in named if n in WITHOUT_DECAY], "weight_decay": 0.0},
    ], **arguments)


def optimizer_case(name, optimizer_type, options, start, inputs, labels):
    def compute(rounded):
        module = small_model().double()
        copy_weights({name: rounded(values) for name, values in start.items()}, module)
        optimizer = make_optimizer(optimizer_type, options, module)
        features = rounded(inputs)
        losses = []
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss = F.cross_entropy(module(features), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return {"losses": torch.stack(losses)} | dict(module.named_parameters())

    weights = {key: figure(*result) for key, result in with_rounding(compute).items()}
    return {"optimizer": component(name, options), "losses": weights.pop("losses"), "weights": weights}


def optimizer_figures():
    """The losses before each of ten steps on one batch, and the weights after them."""
    start = {name: values.clone() for name, values in small_model().state_dict().items()}
    inputs = torch.randn(12, 1, 1, 6)
    labels = torch.arange(12) * 5 % 3
    return {
        "model": "{type: mlp, hidden: [5, 4], activation: prelu}",
        "classes": 3,
        "no_decay": list(WITHOUT_DECAY),
        "weights": {name: given(values) for name, values in start.items()},
        "input": given(inputs),
        "labels": labels.tolist(),
        "cases": [optimizer_case(*case, start, inputs, labels) for case in OPTIMIZERS],
    }
