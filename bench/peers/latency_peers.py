"""Times single-text inference in Python, tokenization included, as a peer for benchmarks.

Compares (a) transformers' AutoModel with pooling and head written out with (b)
SentenceTransformer.encode on the same folder, which must hold modules.json.

Usage: python latency_peers.py --model DIR --data FILE.jsonl --count 500 --out latency.json
"""
import argparse
import itertools
import os
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from st_folder import (
    library_versions,
    load_classifier,
    load_tokenizer,
    peak_rss_bytes,
    read_jsonl,
    write_result,
)

WARM_UP = 20
CHECKED = 10


def transformers_call(folder, max_length):
    """Return a function from a text to its logits, by transformers alone."""
    tokenizer, model = load_tokenizer(folder), load_classifier(folder)

    def call(text):
        with torch.inference_mode():
            inputs = tokenizer(text, truncation=True, max_length=max_length, return_tensors="pt")
            return model(**inputs)[0].numpy()

    return call


def sentence_transformers_call(folder, max_length):
    """Return a function from a text to its logits, by sentence-transformers."""
    model = SentenceTransformer(folder, device="cpu")
    model.max_seq_length = max_length
    return lambda text: model.encode(text, show_progress_bar=False)


def latencies(call, texts):
    """Return the milliseconds each call took, after a warm-up."""
    for text in itertools.islice(itertools.cycle(texts), WARM_UP):
        call(text)
    times = []
    for text in texts:
        started = time.perf_counter()
        call(text)
        times.append((time.perf_counter() - started) * 1000)
    return times


def summary(times):
    """Return the percentiles of some times in milliseconds."""
    p50, p95, p99 = np.percentile(times, (50, 95, 99))
    return {"p50_ms": float(p50), "p95_ms": float(p95), "p99_ms": float(p99),
            "mean_ms": float(np.mean(times))}


def largest_difference(call_a, call_b, texts):
    """Return how far two calls' outputs are apart on a few texts."""
    return max(float(np.abs(call_a(text) - call_b(text)).max()) for text in texts[:CHECKED])


def parse_options():
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True, help="JSON lines with text")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--out", default="latency.json")
    return parser.parse_args()


def main():
    """Time both ways and write the result."""
    options, load = parse_options(), os.getloadavg()[0]
    torch.set_num_threads(2)
    records = itertools.cycle(read_jsonl(options.data))
    texts = [record["text"] for record in itertools.islice(records, options.count)]
    calls = {"transformers": transformers_call(options.model, options.max_length),
             "sentence_transformers": sentence_transformers_call(options.model,
                                                                 options.max_length)}
    result = {name: summary(latencies(call, texts)) for name, call in calls.items()}
    result.update(
        count=len(texts), max_length=options.max_length, threads=torch.get_num_threads(),
        largest_output_difference=largest_difference(*calls.values(), texts),
        load_average_before=load, peak_rss_bytes=peak_rss_bytes(),
        versions=library_versions("torch", "transformers", "sentence-transformers"))
    write_result(result, options.out)


if __name__ == "__main__":
    main()
