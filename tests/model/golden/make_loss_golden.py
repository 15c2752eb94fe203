"""Writes losses.json: the losses of esmm/model/losses.h and their gradients with 100 digits, rounded to double.

pip install mpmath numpy; python make_loss_golden.py

A case of "bce" is [x, loss 0, d_x 0, loss 1, d_x 1], of "product" [a, b, loss 0, d_a 0, d_b 0, loss 1, d_a 1, d_b 1],
where 0 and 1 are the labels.
"""
import json
import pathlib

import numpy
from mpmath import exp, log, mp, mpf

mp.dps = 1000  # 1 - p of logits at 1000 differs from 1 in the 435th digit; 100 more are kept and then some


def sigmoid(x):
    return 1 / (1 + exp(-x))


def bce(x):
    p, q = sigmoid(x), sigmoid(-x)
    return [x, -log(q), p, -log(p), -q]


def product(a, b):
    s_a, s_b = sigmoid(a), sigmoid(b)
    p = s_a * s_b
    d_a, d_b = p * (1 - s_a), p * (1 - s_b)  # of p
    return [a, b, -log(1 - p), d_a / (1 - p), d_b / (1 - p), -log(p), -d_a / p, -d_b / p]


def logit_for_half(a):
    """The b with sigmoid(a) sigmoid(b) = 1/2: the two formulas for log(1 - p) meet there."""
    s = mpf(1) / 2 / sigmoid(mpf(a))
    return log(s / (1 - s))


magnitudes = [1e-8, 0.5, 3.0, 10.0, 40.0, 80.0, 1000.0]
grid = [float(numpy.float32(x)) for x in [-m for m in reversed(magnitudes)] + [0.0] + magnitudes]
pairs = [(a, b) for a in grid for b in grid]
for a in [0.125, 0.8813735870195430, 2.0, 10.0, 40.0]:
    b = float(logit_for_half(a))
    pairs += [(a, b + step) for step in [-1e-6, -1e-15, 0.0, 1e-15, 1e-6]]
    b = numpy.float32(b)
    a = float(numpy.float32(a))
    pairs += [(a, float(x)) for x in [b, numpy.nextafter(b, numpy.float32(-9)), numpy.nextafter(b, numpy.float32(9))]]

cases = {
    "bce": [[float(v) for v in bce(mpf(x))] for x in grid],
    "product": [[float(v) for v in product(mpf(a), mpf(b))] for a, b in pairs],
}
lines = ["{"]
for k, (name, rows) in enumerate(cases.items()):
    lines.append(f' "{name}": [')
    lines.append(",\n".join("  " + json.dumps(row) for row in rows))
    lines.append(" ]" + ("," if k + 1 < len(cases) else ""))
lines.append("}")
pathlib.Path(__file__).with_name("losses.json").write_text("\n".join(lines) + "\n")
