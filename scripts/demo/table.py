"""Prints what was measured beside what the true probabilities reach: table.py <evaluation.json>."""

import json
import sys

HEADS = {"ctr": "CTR", "cvr": "CVR, clicked rows", "ctcvr": "CTCVR", "cvr_entire_space": "CVR, all rows"}


def number(value, digits=4):
    return "-" if value is None else f"{value:.{digits}f}"


def main(path):
    with open(path, encoding="utf-8") as file:
        evaluation = json.load(file)
    print(f"\n{'head':<18} {'rows':>9} {'AUC':>8} {'of truth':>9} {'PCOC':>7} {'ideal':>6}")
    for key, name in HEADS.items():
        head = evaluation[key]
        print(f"{name:<18} {head['rows']:>9} {number(head['auc']):>8} {number(head['auc_of_truth']):>9}"
              f" {number(head['pcoc'], 3):>7} {'1':>6}")


if __name__ == "__main__":
    main(*sys.argv[1:])
