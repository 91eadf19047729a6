#!/usr/bin/env python3
"""Reads a checkpoint with nothing but Python's standard library: a second opinion on the file format.

Checks the layout and the SHA-256 and prints a JSON object: the metadata, and of each tensor the name, dtype,
shape and the SHA-256 of its data. Exit status 1 and a message when something is wrong.
"""

import hashlib
import json
import math
import struct
import sys

SIZES = {"F64": 8, "I64": 8, "U64": 8, "C64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
         "U16": 2, "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1}


def check(condition, message):
    if not condition:
        sys.exit(f"{sys.argv[1]}: {message}")


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    check(length % 8 == 0 and 8 + length <= len(content), "wrong header length")
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__")
    entry = b'"sha256":"' + metadata["sha256"].encode() + b'"'
    check(content[8 : 8 + length].count(entry) == 1, "the digest is not in the header once")
    zeroed = content.replace(entry, b'"sha256":"' + b"0" * 64 + b'"', 1)
    check(hashlib.sha256(zeroed).hexdigest() == metadata["sha256"], "wrong SHA-256")
    data, position, tensors = content[8 + length :], 0, []
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        check(begin == position, f"{name}: gap or overlap")
        check(end - begin == SIZES[tensor["dtype"]] * math.prod(tensor["shape"]), f"{name}: wrong length")
        digest = hashlib.sha256(data[begin:end]).hexdigest()
        tensors.append({"name": name, "dtype": tensor["dtype"], "shape": tensor["shape"], "sha256": digest})
        position = end
    check(position == len(data), "bytes after the last tensor")
    return {"metadata": metadata, "tensors": tensors}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: read_safetensors.py CHECKPOINT")
    print(json.dumps(read(sys.argv[1])))
