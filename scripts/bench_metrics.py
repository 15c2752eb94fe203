"""Times scikit-learn's roc_auc_score on the arrays that esmm-bench wrote.

python -m venv /tmp/peers && /tmp/peers/bin/pip install scikit-learn==1.9.1 numpy==2.4.6
build/release/bin/esmm-bench metrics --rows 43000000 --arrays /tmp/auc
/tmp/peers/bin/python scripts/bench_metrics.py /tmp/auc [rounds]
"""
import pathlib
import statistics
import sys
import time

import numpy
import sklearn
from sklearn.metrics import roc_auc_score


def main():
    folder = pathlib.Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    scores = numpy.fromfile(folder / "scores.f32", dtype=numpy.float32)
    labels = numpy.fromfile(folder / "labels.f32", dtype=numpy.float32)
    speeds = []
    for _ in range(rounds):
        start = time.perf_counter()
        auc = roc_auc_score(labels, scores)
        speeds.append(len(scores) / (time.perf_counter() - start))
    print(f"scikit-learn {sklearn.__version__}, {len(scores)} rows, AUC {auc:.12f}: samples/s median "
          f"{statistics.median(speeds):.4g}, min {min(speeds):.4g}, max {max(speeds):.4g}")


if __name__ == "__main__":
    main()
