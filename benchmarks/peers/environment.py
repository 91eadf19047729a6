"""Finds or makes what the peers need: actlab, the C++ peer, a Python with torch and one with lightning."""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv-benchmarks"

# PyTorch's tuning guide advises an allocator that keeps freed memory; with glibc's defaults every step maps its
# tensors anew, and the system clears them. These are glibc's settings that actlab gives itself, and jemalloc's of
# the guide.
GLIBC_KEEPS = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_TOP_PAD_": str(32 << 20),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
JEMALLOC_KEEPS = "oversize_threshold:1,background_thread:true,metadata_thp:auto,dirty_decay_ms:-1,muzzy_decay_ms:-1"


class Unavailable(Exception):
    """A peer cannot run here; says why."""


class Torch(NamedTuple):
    python: Path
    version: str
    folder: Path  # the package


def say(text):
    print(text, file=sys.stderr, flush=True)


def output_of(command):
    try:
        result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    except OSError as error:
        raise Unavailable(str(error)) from None
    if result.returncode != 0:
        raise Unavailable((result.stderr.strip() or result.stdout.strip()).split("\n")[-1])
    return result.stdout


def actlab(build):
    binary = build / "actlab"
    if not binary.exists():
        raise Unavailable(f"{binary} is not built; run scripts/build")
    return binary


def libtorch_dataloader(build):
    say("Building libtorch_dataloader")
    output_of(["cmake", "--build", build, "--target", "libtorch_dataloader"])
    return build / "libtorch_dataloader"


def jemalloc():
    """What a process needs in its environment to take jemalloc for its allocator."""
    for folder in ("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"):
        library = Path(folder) / "libjemalloc.so.2"
        if library.exists():
            return {"LD_PRELOAD": str(library), "MALLOC_CONF": JEMALLOC_KEEPS}
    raise Unavailable("no jemalloc; install it with: scripts/setup --no-libtorch libjemalloc2")


def torch_of(python):
    """The Torch that this Python imports, or None."""
    code = "import json, torch; print(json.dumps([torch.__version__, torch.__path__[0]]))"
    try:
        version, folder = json.loads(output_of([python, "-c", code]))
    except Unavailable:
        return None
    return Torch(python, version, Path(folder))


@functools.cache
def find_torch():
    """That of the project, which scripts/setup makes, or else that of the Python that runs this."""
    for python in (ROOT / ".venv" / "bin" / "python", Path(sys.executable)):
        found = torch_of(python)
        if found:
            return found
    raise Unavailable("no Python with torch: neither .venv/bin/python (scripts/setup makes it) nor this one")


def python_with_lightning():
    """A virtual environment with lightning that borrows the torch there is: a copy would take a gigabyte, and
    pip left alone would fetch the newest CUDA build."""
    torch = find_torch()
    python = VENV / "bin" / "python"
    borrowed = torch_of(python)
    if borrowed is None or borrowed.folder != torch.folder:
        output_of([sys.executable, "-m", "venv", "--clear", VENV])
        packages = next((VENV / "lib").glob("python3*")) / "site-packages"
        (packages / "torch.pth").write_text(f"{torch.folder.parent}\n")
    try:
        output_of([python, "-c", "import lightning"])
    except Unavailable:
        say(f"Installing lightning into {VENV}")
        constraint = VENV / "constraint.txt"
        constraint.write_text(f"torch=={torch.version}\n")
        output_of([python, "-m", "pip", "install", "--quiet", "--constraint", constraint, "lightning"])
    return python


def process_environment(threads, spin):
    """The caller's, with equal settings for every peer: so many threads, and of what else OpenMP, MKL and allocators
    read nothing but how long idle threads spin. `short` is what actlab gives itself; `own` leaves it to each."""
    read_by_libraries = ("OMP_", "GOMP_", "KMP_", "MKL_", "MALLOC_", "GLIBC_TUNABLES", "LD_PRELOAD")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(read_by_libraries)}
    equal = {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
    if spin == "short":
        equal["GOMP_SPINCOUNT"] = "10000"
    return {**kept, **equal}
