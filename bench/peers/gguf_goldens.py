"""Write golden blocks of GGUF's tensor types: bytes with what they decode to, and weights with
what they are rounded to.

Decoding, and rounding to the types that it can write, is that of the Python package gguf. Rounding
to the K types is that of ggml itself, through its shared library.

Usage: python gguf_goldens.py --ggml libggml-base.so --out blocks.json   (needs gguf==0.19.0)
"""
import argparse
import ctypes
import json
from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type, dequantize, quantize

PLAIN = (Type.F32, Type.F16, Type.BF16)
SMALL = (Type.Q8_0, Type.Q5_1, Type.Q5_0, Type.Q4_1, Type.Q4_0)
SUPER = (Type.Q6_K, Type.Q5_K, Type.Q4_K)


def random_blocks(rng, dtype, count):
    """Return blocks of random bytes whose halves are finite."""
    _, size = GGML_QUANT_SIZES[dtype]
    while True:
        blocks = rng.integers(0, 256, (count, size), dtype=np.uint8)
        with np.errstate(all="ignore"):
            values = dequantize(blocks, dtype)
        if np.isfinite(values).all():
            return blocks, values.astype(np.float32)


def weights(rng, columns):
    """Return rows of weights of the kinds that rounding treats differently."""
    rows = [rng.normal(0, 0.05, columns) for _ in range(2)]
    rows.append(np.abs(rng.normal(0, 0.02, columns)))
    rows.append(-np.abs(rng.normal(1, 0.02, columns)))
    rows.append(np.zeros(columns))
    rows.append(np.where(np.arange(columns) % 7 == 0, 100 * rng.normal(0, 1, columns), 1e-3))
    rows.append(np.round(rng.normal(0, 3, columns)))
    return np.stack(rows).astype(np.float32)


def ggml_quantize(library, dtype, rows):
    """Return rows rounded by ggml."""
    block, size = GGML_QUANT_SIZES[dtype]
    count, columns = rows.shape
    out = np.zeros((count, columns // block * size), dtype=np.uint8)
    call = library.ggml_quantize_chunk
    call.restype = ctypes.c_size_t
    call.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p] + [ctypes.c_int64] * 3 + [
        ctypes.c_void_p]
    call(dtype.value, rows.ctypes.data, out.ctypes.data, 0, count, columns, None)
    return out


def case(dtype, values, blocks):
    """Return one case as text."""
    return {"type": dtype.name, "weights": values.astype("<f4").tobytes().hex(),
            "bytes": np.ascontiguousarray(blocks).view(np.uint8).tobytes().hex()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ggml", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=20261122)
    arguments = parser.parse_args()
    library = ctypes.CDLL(arguments.ggml)
    rng = np.random.default_rng(arguments.seed)
    decoded, encoded = [], []
    for dtype in PLAIN + SMALL + SUPER:
        blocks, values = random_blocks(rng, dtype, 2 if dtype in SUPER else 6)
        decoded.append(case(dtype, values, blocks))
    for dtype in PLAIN + SMALL:
        rows = weights(rng, 64)
        encoded.append(case(dtype, rows, quantize(rows, dtype)))
    for dtype in SMALL:
        rows = weights(rng, 64)
        if (quantize(rows, dtype) != ggml_quantize(library, dtype, rows)).any():
            raise SystemExit(f"the package and the library disagree on {dtype.name}")
    for dtype in SUPER:
        rows = weights(rng, 256)
        encoded.append(case(dtype, rows, ggml_quantize(library, dtype, rows)))
    lines = [f'"{name}": [\n' + ",\n".join(json.dumps(one) for one in cases) + "\n]"
             for name, cases in (("decoded", decoded), ("encoded", encoded))]
    Path(arguments.out).write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
