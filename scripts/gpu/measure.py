"""What `run` does once the libraries are found: its steps, each with a time limit, and the file of results."""

import argparse
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ACTLAB = HERE / "actlab"
TESTS = HERE / "cuda_tests"
CONFIGS = {"classifier": ("mnist_binary.yaml", 5), "cnn": ("mnist_cnn.yaml", 3)}  # epochs
PEERS = "actlab,eager,tuned,pool-first,compile,graphs"
NO_GPU = "no GPU"
MINUTES = 8  # that the limits below are made for
START = 25  # seconds that a program may need before it begins, its own limit apart

MACHINE = """
import json, os, platform, shutil, sys, torch
found = {
    "python": platform.python_version(), "torch": torch.__version__, "torch_cuda": torch.version.cuda,
    "cudnn": torch.backends.cudnn.version(), "libc": platform.libc_ver()[1], "cores": os.cpu_count(),
    "compiler": shutil.which("cc") or shutil.which("gcc") or shutil.which("clang"), "gpu": None,
}
if torch.cuda.is_available():
    properties = torch.cuda.get_device_properties(0)
    found["gpu"] = properties.name
    found["gpus"] = torch.cuda.device_count()
    found["capability"] = f"{properties.major}.{properties.minor}"
    found["memory_gib"] = round(properties.total_memory / 2**30, 1)
    found["tf32"] = {"cudnn": torch.backends.cudnn.allow_tf32, "matmul": torch.backends.cuda.matmul.allow_tf32}
print(json.dumps(found))
"""


class Failed(Exception):
    """A step did not do what it should; `found` is what it has found out all the same."""

    def __init__(self, reason, found=None):
        super().__init__(reason)
        self.found = found or {}


class NotRun(Exception):
    """A step has nothing to do here."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def tail(text, length=1500):
    text = text.strip()
    return text if len(text) <= length else "... " + text[-length:]


def call(command, limit, **more):
    """What a command prints on stdout. Raises Failed when it fails or takes longer than `limit` seconds; then all
    that it has started is ended, too."""
    # Files, not pipes, which a process left behind would hold open.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=err, cwd=HERE,
                                   start_new_session=True, **more)
        try:
            process.wait(limit)
            late = False
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            late = True
        out.seek(0), err.seek(0)
        printed, errors = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    if late:
        raise Failed(f"took longer than {limit:.0f} s", {"output": tail(printed + errors)})
    if process.returncode != 0:
        raise Failed(f"exit status {process.returncode}: {tail(errors or printed)}", {"output": tail(printed)})
    return printed


def last_json(text):
    return json.loads(text.strip().split("\n")[-1])


class Session:
    """The steps done so far, what they found, and the time that is left."""

    def __init__(self, minutes, device, result, path):
        self.end = time.monotonic() + 60 * minutes
        self.scale = minutes / MINUTES
        self.device = device
        self.result = result
        self.path = path
        self.ready = device == "cpu"  # to use the device
        self.work = Path(tempfile.mkdtemp(prefix="actlab-gpu-"))

    def step(self, name, limit, body, needs_gpu=True):
        """Runs body(limit), which returns a dict to keep, and writes the results so far. `limit`: seconds, of the
        usual minutes."""
        begin = time.monotonic()
        limit = min(limit * self.scale, self.end - begin)
        say(f"== {name}")
        try:
            if needs_gpu and not self.ready:
                raise NotRun(NO_GPU)
            if limit < 5:
                raise NotRun("out of time")
            entry = {"ok": True, **body(limit)}
        except NotRun as reason:
            entry = {"ok": False, "not_run": str(reason)}
        except Failed as failure:
            entry = {"ok": False, "error": str(failure), **failure.found}
        except Exception as error:  # whatever it is, the other steps are worth having
            entry = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        entry["seconds"] = round(time.monotonic() - begin, 1)
        say(f"   {entry.get('not_run') or tail(entry.get('error', 'ok'), 300)} ({entry['seconds']} s)")
        self.result["steps"][name] = entry
        self.write()

    def write(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self.result, indent=1) + "\n")


# --- steps ----------------------------------------------------------------------------------------------------------


def machine(session):
    def body(limit):
        found = last_json(call([sys.executable, "-c", MACHINE], limit))
        session.ready = session.ready or found["gpu"] is not None
        try:
            query = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
            found["driver"] = call(query, 20).strip()
        except (Failed, OSError) as error:
            found["driver"] = None
            found["nvidia_smi"] = tail(str(error), 200)
        if not session.ready:
            raise Failed(NO_GPU, found)
        return found

    return body


def info(limit):
    return last_json(call([ACTLAB, "info", "--json"], limit))


def suites(limit):
    lines = call([TESTS, "--gtest_list_tests"], limit).split("\n")
    return [line.split(".")[0] for line in lines if line and not line.startswith((" ", "Running"))]


def run_suite(session, suite, limit):
    """Counts of one suite. Each has a process of its own: a failed assertion on the GPU ends all of its process's
    work there."""
    report = session.work / f"{suite}.json"
    command = [TESTS, f"--gtest_filter={suite}.*", f"--gtest_output=json:{report}"]
    counts = {"passed": 0, "skipped": 0, "failed": {}}
    try:
        lines = call(command, limit).split("\n")
        counts.update({"reason": line for line in lines if line.startswith(NO_GPU)})
    except Failed as failure:
        if not report.exists():
            counts["failed"][suite] = f"{failure} {failure.found.get('output', '')}"
            return counts
    for test in [test for part in json.loads(report.read_text())["testsuites"] for test in part["testsuite"]]:
        if test.get("failures"):
            messages = "\n".join(failure["failure"] for failure in test["failures"])
            counts["failed"][f"{suite}.{test['name']}"] = tail(messages)
        elif test["result"] == "SKIPPED":
            counts["skipped"] += 1
        else:
            counts["passed"] += 1
        counts.update({key: test[key] for key in ("unsupported",) if test.get(key)})
    return counts


def tests(session):
    def body(limit):
        end = time.monotonic() + limit
        total = {"passed": 0, "skipped": 0, "failed": {}, "suites": {}}
        for suite in suites(limit):
            begin = time.monotonic()
            counts = run_suite(session, suite, max(1, min(limit / 2, end - begin)))
            total["suites"][suite] = {**counts, "seconds": round(time.monotonic() - begin, 1)}
            total["passed"] += counts["passed"]
            total["skipped"] += counts["skipped"]
            total["failed"].update(counts["failed"])
        if total["failed"]:
            raise Failed(f"{len(total['failed'])} failed", total)
        if total["skipped"] and not total["passed"]:
            raise Failed(next(iter(total["suites"].values())).get("reason", "all are skipped"), total)
        return total

    return body


def unpack_mnist(session):
    """The four files as the PyTorch peers read them, in the work folder."""
    source, folder = HERE / "data" / "mnist", session.work / "mnist"
    if not folder.exists():
        if not source.exists():
            raise Failed("this bundle was made without MNIST")
        folder.mkdir()
        for packed in source.glob("*.gz"):
            with gzip.open(packed) as file:
                (folder / packed.stem).write_bytes(file.read())
    return folder


def train(session, config, epochs):
    def body(limit):
        end = time.monotonic() + limit
        summary = last_json(call([
            ACTLAB, "train", HERE / "configs" / config, "--json", f"device={session.device}",
            f"train.epochs={epochs}", f"data.root={unpack_mnist(session)}", f"run.root={session.work / 'runs'}",
        ], limit))
        found = {key: summary[key] for key in ("device", "epochs", "train_loss", "test_loss", "test_accuracy",
                                               "samples_per_second")}
        found["training_seconds"] = summary["seconds"]
        for device in sorted({session.device, "cpu"}):
            evaluated = last_json(call([ACTLAB, "evaluate", summary["checkpoint"], "--json", f"device={device}"],
                                       max(1, end - time.monotonic())))
            found[f"evaluated_on_{device}"] = {key: evaluated[key] for key in ("accuracy", "loss")}
        return found

    return body


def benchmark(session, model, peers, *more):
    def body(limit):
        text = call([
            sys.executable, HERE / "benchmarks" / "compare_pytorch", "--json", "--models", model, "--peers", peers,
            "--data", unpack_mnist(session), "--build", HERE, "--seconds", max(1, int(limit - START)), *more,
        ], limit, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        result = last_json(text)
        if not result["models"][model]["peers"]:
            raise Failed("no peer could train", result)
        return result

    return body


def speed_of(session, step, model):
    rows = session.result["steps"].get(step, {}).get("models", {}).get(model, {}).get("peers", [])
    return next((row["samples_per_second"]["median"] for row in rows if row["peer"] == "actlab"), None)


def gpu_over_cpu(session):
    """How many times faster actlab trains on the GPU than on this machine's CPU."""
    ratios = {}
    for model in CONFIGS:
        gpu, cpu = (speed_of(session, f"{step} {model}", model) for step in ("benchmark", "cpu"))
        ratios[model] = gpu / cpu if gpu and cpu else None
    return ratios


def run_steps(session):
    session.step("machine", 90, machine(session), needs_gpu=False)
    session.step("info", 60, info, needs_gpu=False)
    session.step("tests", 210, tests(session), needs_gpu=False)
    for model, (config, epochs) in CONFIGS.items():
        session.step(f"train {model}", 60, train(session, config, epochs))
    for model in CONFIGS:
        session.step(f"benchmark {model}", 110, benchmark(session, model, PEERS, "--device", session.device,
                                                          "--rounds", 3, "--examples", 60000))
    for model in CONFIGS:
        session.step(f"cpu {model}", 40, benchmark(session, model, "actlab", "--rounds", 1, "--epochs", 2))


def parse_arguments():
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    return parser.parse_args()


def main():
    options = parse_arguments()
    folder = Path(os.environ.get("OUT") or HERE)
    built = HERE / "built.json"
    result = {"built": json.loads(built.read_text()) if built.exists() else None, "steps": {}}
    session = Session(options.minutes, options.device, result, folder / "gpu.json")
    if options.device == "cpu":
        os.environ["ACTLAB_TEST_DEVICE"] = "cpu"
    begin = time.monotonic()
    try:
        run_steps(session)
    finally:
        result["gpu_over_cpu"] = gpu_over_cpu(session)
        result["ok"] = all(step["ok"] for step in result["steps"].values())
        result["seconds"] = round(time.monotonic() - begin, 1)
        session.write()
        shutil.rmtree(session.work, ignore_errors=True)
    print(session.path)
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
