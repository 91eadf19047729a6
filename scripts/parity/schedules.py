"""Learning rates of every schedule."""

import torch
from torch.optim import lr_scheduler

from parity.write import component

EPOCHS, STEPS_PER_EPOCH, RATE = 3, 5, 0.1
LOSSES = [1.0, 0.9, 0.89999, 0.91, 0.92, 0.93, 0.5, 0.6, 0.49999, 0.6, 0.7, 0.8, 0.9, 0.4, 0.3, 0.31, 0.32,
          0.33, 0.34]

TOTAL = EPOCHS * STEPS_PER_EPOCH

# (config, PyTorch's scheduler, its arguments)
SCHEDULES = [
    ("constant", lr_scheduler.ConstantLR, {"factor": 1.0}),
    ("step", lr_scheduler.StepLR, {"step_size": 1}),
    ("{type: step, step_size: 2, gamma: 0.5}", lr_scheduler.StepLR, {"step_size": 2, "gamma": 0.5}),
    ("{type: step, by: batch, step_size: 4, gamma: 0.3}", lr_scheduler.StepLR,
     {"step_size": 4, "gamma": 0.3}),
    ("{type: exponential, gamma: 0.7}", lr_scheduler.ExponentialLR, {"gamma": 0.7}),
    ("{type: exponential, by: batch, gamma: 0.95}", lr_scheduler.ExponentialLR, {"gamma": 0.95}),
    ("cosine", lr_scheduler.CosineAnnealingLR, {"T_max": EPOCHS}),
    ("{type: cosine, t_max: 4, eta_min: 0.01}", lr_scheduler.CosineAnnealingLR,
     {"T_max": 4, "eta_min": 0.01}),
    ("{type: cosine, by: batch}", lr_scheduler.CosineAnnealingLR, {"T_max": TOTAL}),
    ("{type: cosine, by: batch, t_max: 20, eta_min: 0.02}", lr_scheduler.CosineAnnealingLR,
     {"T_max": 20, "eta_min": 0.02}),
]
ONE_CYCLES = [
    {},
    {"anneal": "linear"},
    {"pct_start": 0.5, "div_factor": 10, "final_div_factor": 100},
    {"anneal": "linear", "pct_start": 0.1, "div_factor": 4, "final_div_factor": 1000},
    {"pct_start": 0.0},
]
PLATEAUS = [
    {"patience": 2},
    {"factor": 0.5, "patience": 0},
    {"factor": 0.5, "patience": 1, "cooldown": 2},
    {"factor": 0.5, "patience": 1, "threshold": 0.05},
    {"factor": 0.2, "patience": 1, "min_lr": 0.003},
]


def optimizer_for_rates():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)


def schedule_case(name, scheduler_type, arguments):
    by_batch = "by: batch" in name or scheduler_type is lr_scheduler.OneCycleLR
    optimizer = optimizer_for_rates()
    scheduler = scheduler_type(optimizer, **arguments)
    rates = []
    for step in range(1, TOTAL + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < TOTAL and (by_batch or step % STEPS_PER_EPOCH == 0):
            scheduler.step()
    return {"schedule": name, "rates": rates}


def one_cycle_case(options):
    arguments = {"anneal_strategy" if key == "anneal" else key: value for key, value in options.items()}
    arguments |= {"max_lr": RATE, "total_steps": TOTAL, "cycle_momentum": False}
    return schedule_case(component("one_cycle", options), lr_scheduler.OneCycleLR, arguments)


def plateau_case(options):
    """The rate of each epoch, the last one after all losses."""
    optimizer = optimizer_for_rates()
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    rates = [RATE]
    for loss in LOSSES:
        scheduler.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return {"schedule": component("plateau", options), "rates": rates}


def schedule_figures():
    return {
        "lr": RATE,
        "epochs": EPOCHS,
        "steps_per_epoch": STEPS_PER_EPOCH,
        "cases": [schedule_case(*case) for case in SCHEDULES] + [one_cycle_case(case) for case in ONE_CYCLES],
        "plateau": {"losses": LOSSES, "cases": [plateau_case(options) for options in PLATEAUS]},
    }
