"""Asks a server to rank five impressions of one user: request.py <folder of raw logs> <url of infer>.

The user's features are sent once and shared by the five rows. Standard library alone.
"""

import json
import sys
import urllib.request
from itertools import islice

ROWS = 5


def features(text):
    """{field id: [(feature id, weight)]} of Ali-CCP's field ^B id ^C weight, joined by ^A."""
    fields = {}
    for feature in text.rstrip("\n").split("\x01"):
        field, _, rest = feature.partition("\x02")
        identifier, _, weight = rest.partition("\x03")
        fields.setdefault(field, []).append((identifier, float(weight)))
    return fields


def tensors(field, rows):
    """The field's input, and its weights where one is not 1: shape [rows, longest list], padded by "" and 0."""
    length = max(len(row) for row in rows)
    padded = [row + [("", 0.0)] * (length - len(row)) for row in rows]
    shape = [len(rows), length]
    yield {"name": field, "datatype": "BYTES", "shape": shape, "data": [[i for i, _ in row] for row in padded]}
    if any(weight != 1.0 for row in rows for _, weight in row):
        yield {"name": field + "__weights", "datatype": "FP32", "shape": shape, "data": [[w for _, w in row] for row in padded]}


def main(folder, url):
    with open(f"{folder}/sample_skeleton_test.csv", encoding="utf-8") as lines:
        impressions = [line.split(",", 5) for line in islice(lines, ROWS)]
    user = impressions[0][3]
    with open(f"{folder}/common_features_test.csv", encoding="utf-8") as lines:
        common = next(features(line.split(",", 2)[2]) for line in lines if line.startswith(user + ","))
    items = [features(impression[5]) for impression in impressions]

    inputs = [tensor for field, values in common.items() for tensor in tensors(field, [values])]
    for field in sorted({field for item in items for field in item}):
        inputs += tensors(field, [item.get(field, []) for item in items])
    body = json.dumps({"id": "demo", "inputs": inputs}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        outputs = {output["name"]: output["data"] for output in json.load(answer)["outputs"]}

    print(f"POST {url}: user {user}, {ROWS} impressions")
    for row, (ctr, cvr, ctcvr) in enumerate(zip(outputs["pctr"], outputs["pcvr"], outputs["pctcvr"], strict=True)):
        print(f"  impression {impressions[row][0]}: pctr {ctr:.5f}  pcvr {cvr:.5f}  pctcvr {ctcvr:.6f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
