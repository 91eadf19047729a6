"""The peers: how each is started, and what it prints, as {samples_per_second: one an epoch, train_loss}."""

import json
import subprocess
import tempfile
from pathlib import Path

from peers import environment
from peers.environment import ROOT, Unavailable

CONFIGS = {"classifier": "mnist_binary.yaml", "cnn": "mnist_cnn.yaml"}
BOTH = tuple(CONFIGS)


class TimedOut(Unavailable):
    """It took longer than there was time for."""


def run_process(command, environ, folder, seconds):
    """The JSON value in the last line of its output."""
    command = [str(part) for part in command]
    if seconds is not None and seconds <= 0:
        raise TimedOut("no time is left")
    try:
        result = subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise TimedOut(f"it took more than the {seconds:.0f} s that were left") from None
    if result.returncode != 0:
        raise Unavailable((result.stderr.strip() or f"exit status {result.returncode}").split("\n")[-1])
    return json.loads(result.stdout.strip().split("\n")[-1])


class Actlab:
    """`actlab train`; the speed of each epoch is in the run's metrics.jsonl."""

    name = "actlab"

    def __init__(self, options):
        self.binary = environment.actlab(options.build)

    def run(self, task, environ):
        with tempfile.TemporaryDirectory() as runs:
            summary = run_process([
                self.binary, "train", ROOT / "configs" / CONFIGS[task.model], "--json",
                f"device={task.device}", f"threads={task.threads}", f"seed={task.seed}", f"data.root={task.data}", "data.validation=0",
                f"data.limit={task.examples}", f"train.epochs={task.epochs}", f"run.root={runs}",
            ], environ, ROOT, task.seconds)
            rows = (Path(summary["run_dir"]) / "metrics.jsonl").read_text().splitlines()
        speeds = [json.loads(row)["samples_per_second"] for row in rows]
        return {"samples_per_second": speeds, "train_loss": summary["train_loss"]}


class Python:
    """A module of this folder; `environ` is what it needs beside the environment that all peers have."""

    def __init__(self, name, python, module, *arguments, environ=None):
        self.name = name
        self.command = [python, "-m", f"peers.{module}", *arguments]
        self.environ = environ or {}

    def run(self, task, environ):
        return run_process([
            *self.command, "--model", task.model, "--data", task.data, "--examples", task.examples,
            "--epochs", task.epochs, "--threads", task.threads, "--seed", task.seed, "--device", task.device,
        ], {**environ, **self.environ}, ROOT / "benchmarks", task.seconds)


class LibtorchDataLoader:
    name = "libtorch dataloader"

    def __init__(self, options):
        if options.device != "cpu":
            raise Unavailable("it trains on the CPU only")
        self.binary = environment.libtorch_dataloader(options.build)

    def run(self, task, environ):
        arguments = [task.model, task.data, task.examples, task.epochs, task.threads, task.seed]
        return run_process([self.binary, *arguments], environ, ROOT, task.seconds)


def pytorch(variant, allocator=dict, title=None):
    return lambda options: Python(f"pytorch {title or variant}", environment.find_torch().python, "pytorch",
                                  "--variant", variant, environ=allocator())


def glibc_keeps():
    return environment.GLIBC_KEEPS


def lightning(options):
    return Python("lightning", environment.python_with_lightning(), "lightning_module")


# name on the command line: (makes the peer, or raises Unavailable; the models it has)
PEERS = {
    "actlab": (Actlab, BOTH),
    "tuned": (pytorch("tuned", glibc_keeps), BOTH),
    "jemalloc": (pytorch("tuned", environment.jemalloc, "tuned, jemalloc"), BOTH),
    "default-malloc": (pytorch("tuned", title="tuned, glibc's malloc"), BOTH),
    "pool-first": (pytorch("pool-first", glibc_keeps), ("cnn",)),
    "eager": (pytorch("eager"), BOTH),
    "compile": (pytorch("compile", glibc_keeps), BOTH),
    "graphs": (pytorch("graphs", glibc_keeps), BOTH),
    "lightning": (lightning, BOTH),
    "libtorch": (LibtorchDataLoader, BOTH),
}
ON_REQUEST = ("compile", "graphs")
