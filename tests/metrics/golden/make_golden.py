"""Writes scikit_learn.json: AUC and log loss of 1,000 random cases, plain and weighted, by scikit-learn in float64.

pip install scikit-learn==1.9.1 numpy==2.4.6; python make_golden.py

Only the answers are stored. The cases are drawn by SplitMix64 (esmm/core/random.h) from the number of the case, here and
in golden_test.cc alike, with operations that are exact in float64, so that both see the same bits. A case of the file is
[AUC, weighted AUC, log loss, weighted log loss].
"""
import json
import pathlib

from sklearn.metrics import log_loss, roc_auc_score

CASES = 1000
STREAM = 14
MASK = (1 << 64) - 1


def mix64(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


class Random:
    def __init__(self, seed, stream):
        self.state = mix64(mix64(seed) ^ mix64(~stream & MASK))

    def below(self, n):
        value = mix64(self.state)
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        return (value * n) >> 64


def case(seed):
    """Rows of (p, label, weight): p = k / (levels 2^s), or 1 - that, so that few levels make many ties."""
    random = Random(seed, STREAM)
    rows = 2 + random.below(300)
    levels = 1 << (1 + random.below(20))
    spread = random.below(19)
    p, labels, weights = [], [], []
    for i in range(rows):
        small = (1 + random.below(levels - 1)) / (levels << random.below(spread + 1))
        p.append(small if random.below(4) > 0 else 1 - small)
        # Both classes appear, and have weight.
        labels.append(i if i < 2 else random.below(100) < 30)
        weights.append((random.below(4000) if i >= 2 else 1000) / 16)
    return p, labels, weights


def main():
    results = []
    for seed in range(CASES):
        p, labels, weights = case(seed)
        assert all(1e-12 < x < 1 - 1e-12 for x in p)
        results.append([
            float(roc_auc_score(labels, p)),
            float(roc_auc_score(labels, p, sample_weight=weights)),
            float(log_loss(labels, p)),
            float(log_loss(labels, p, sample_weight=weights)),
        ])
    lines = ",\n".join(json.dumps(result) for result in results)
    pathlib.Path(__file__).with_name("scikit_learn.json").write_text("[\n" + lines + "\n]\n")


if __name__ == "__main__":
    main()
