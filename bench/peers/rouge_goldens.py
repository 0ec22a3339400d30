"""Write golden ROUGE-L scores: pairs of texts with the F-measure that Google's rouge-score computes
without a stemmer.

Usage: python rouge_goldens.py --out rouge.json   (needs rouge-score==0.1.2)
"""
import argparse
import json
import random
from pathlib import Path

from rouge_score.rouge_scorer import RougeScorer

WORDS = "the a cat dog sat on mat 42 3.5 runs, RUNS fast! don't re-use café naïve Straße".split()

PAIRS = [
    ("", ""),
    ("the cat", ""),
    ("", "the cat"),
    ("...", "the cat"),
    ("the cat sat on the mat", "the cat sat on the mat"),
    ("The CAT sat, on the mat!", "the cat sat on the mat"),
    ("police killed the gunman", "police kill the gunman"),
    ("police killed the gunman", "the gunman kill police"),
    ("police killed the gunman", "the gunman police killed"),
    ("a b c d e f g", "a c e g"),
    ("a c e g", "a b c d e f g"),
    ("one\ntwo\tthree", "one two  three"),
    ("1,000 apples", "1000 apples"),
    ("don't", "don t"),
    ("café au lait", "cafe au lait"),
    ("café au lait", "caf au lait"),
    ("naïve Straße", "na ve stra e"),
    ("今天 天气 很 好", "今天 天气 很 好"),
    ("今天 42 度", "42"),
    ("\u212aelvin \u0130stanbul", "kelvin i stanbul"),
    ("٣ apples", "3 apples"),
    ("a_b c-d", "a b c d"),
    ("😀 smile 😀", "smile"),
    ("the the the cat", "the cat the"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    rng = random.Random(7)
    some = [
        tuple(" ".join(rng.choices(WORDS, k=rng.randint(1, 30))) for _ in range(2))
        for _ in range(20)
    ]
    scorer = RougeScorer(["rougeL"], use_stemmer=False)
    goldens = []
    for reference, text in PAIRS + some:
        score = scorer.score(reference, text)["rougeL"]
        goldens.append({"reference": reference, "text": text, "fMeasure": score.fmeasure})
    lines = ",\n".join(json.dumps(golden) for golden in goldens)
    out.write_text("[\n" + lines + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
