"""Distils static token vectors and encodes texts with model2vec, as a peer for benchmarks.

Reads what dev.retort.bench.StaticStudents left in a folder, does the same work on the same model
and texts, and trains the same logistic regression on both sides' vectors.

Usage: python static_peers.py --folder FOLDER [--dimensions 256] [--rounds 3]
"""
import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
from model2vec import StaticModel
from model2vec.distill import distill
from safetensors.numpy import load_file
from sklearn.linear_model import LogisticRegression

from st_folder import library_versions, peak_rss_bytes, read_jsonl, write_result

# Inverse strengths of the regularisation; each side is given its better one.
STRENGTHS = (1.0, 30.0)


def timed(call):
    """Return what a call returns, and the seconds it took by the clock and of the processors."""
    started, worked = time.perf_counter(), time.process_time()
    result = call()
    return result, time.perf_counter() - started, time.process_time() - worked


def encode_seconds(model, texts, rounds):
    """Return the best times over all texts, by the clock and of the processors, either way of
    using threads and after a round that does not count."""
    times = [timed(lambda: model.encode(texts, use_multiprocessing=threads))[1:]
             for threads in (True, False) for _ in range(rounds + 1)]
    times = times[1:rounds + 1] + times[rounds + 2:]
    return min(clock for clock, _ in times), min(processors for _, processors in times)


def accuracy(train, train_labels, test, test_labels):
    """Return the accuracy of logistic regression for each strength of regularisation."""
    result = {}
    for strength in STRENGTHS:
        regression = LogisticRegression(C=strength, max_iter=1000)
        regression.fit(train, train_labels)
        result[str(strength)] = float(regression.score(test, test_labels))
    return result


def largest_difference(folder, texts, vectors):
    """Return how far model2vec is from Retort on a student that Retort exported."""
    opened = StaticModel.from_pretrained(str(folder))
    return float(np.abs(opened.encode(texts).astype(np.float32) - vectors).max())


def parse_options():
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def main():
    """Do the work, compare, and write the result beside Retort's."""
    options, load = parse_options(), os.getloadavg()[0]
    torch.set_num_threads(2)
    retort = json.loads((options.folder / "retort.json").read_text())
    train = list(read_jsonl(options.folder / "train.jsonl"))
    test = list(read_jsonl(options.folder / "test.jsonl"))
    texts = [row["text"] for row in train + test]
    model, distil_seconds, distil_processor_seconds = timed(
        lambda: distill(retort["model_folder"], pca_dims=options.dimensions))
    clock, processors = encode_seconds(model, texts, options.rounds)
    started = time.perf_counter()
    for text in texts[:2000]:
        model.encode([text])
    single = (time.perf_counter() - started) / 2000
    vectors = model.encode(texts).astype(np.float32)
    ours = load_file(options.folder / "vectors.safetensors")
    labels = [row["label"] for row in train], [row["label"] for row in test]
    result = {
        "distil_seconds": distil_seconds,
        "distil_processor_seconds": distil_processor_seconds,
        "texts_per_second": len(texts) / clock,
        "texts_per_processor_second": len(texts) / processors,
        "microseconds_per_text": 1e6 * single,
        "accuracy": accuracy(vectors[:len(train)], labels[0], vectors[len(train):], labels[1]),
        "accuracy_retort": accuracy(ours["train"], labels[0], ours["test"], labels[1]),
        "retort_student_in_model2vec": largest_difference(
            options.folder / "static", texts[:500], ours["train"][:500]),
        "distil_ratio": distil_seconds / retort["distil_seconds"],
        "distil_processor_ratio": distil_processor_seconds / retort["distil_processor_seconds"],
        "encode_ratio": retort["texts_per_second"] * clock / len(texts),
        "encode_processor_ratio": retort["texts_per_processor_second"] * processors / len(texts),
        "load_average_before": load,
        "peak_rss_bytes": peak_rss_bytes(),
        "versions": library_versions("torch", "transformers", "model2vec", "scikit-learn"),
    }
    write_result(result, options.folder / "model2vec.json")


if __name__ == "__main__":
    main()
