"""One epoch of ESMM on KuaiRand-Pure in plain PyTorch, from the raw files to AUCs; prints seconds as JSON."""
import json
import sys
import time

start = time.perf_counter()
import numpy
import torch
from sklearn.metrics import log_loss, roc_auc_score
from torch.nn import functional

import encode

BATCH, DIMENSION, LAYERS, DROPOUT = 1024, 16, [360, 200, 80], 0.1
clock = {}


class Joined:
    """The bags of impressions, put together from those of their users, videos and their own."""

    def __init__(self, bags, places):
        self.parts = []
        for part, place in zip(bags, places):
            lengths = torch.from_numpy(part.lengths)
            ends = lengths.sum(1).cumsum(0)
            self.parts.append((torch.from_numpy(part.ids).long(), lengths, ends - lengths.sum(1), torch.from_numpy(place)))

    def gather(self, impressions):
        """For each part: ids and offsets of the bags of these impressions."""
        for ids, lengths, starts, place in self.parts:
            rows = place[impressions]
            taken = lengths[rows]
            of_row = taken.sum(1)
            first = starts[rows] - (of_row.cumsum(0) - of_row)
            chosen = torch.arange(int(of_row.sum())) + torch.repeat_interleave(first, of_row)
            flat = taken.reshape(-1)
            yield ids[chosen], flat.cumsum(0) - flat


class Esmm(torch.nn.Module):
    def __init__(self, rows, fields):
        super().__init__()
        self.table = torch.nn.EmbeddingBag(rows, DIMENSION, mode="mean")
        torch.nn.init.normal_(self.table.weight, std=1e-3)
        self.ctr, self.cvr = self.tower(fields * DIMENSION), self.tower(fields * DIMENSION)

    @staticmethod
    def tower(inputs):
        layers = []
        for units in LAYERS:
            layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU(inplace=True), torch.nn.Dropout(DROPOUT)]
            inputs = units
        return torch.nn.Sequential(*layers, torch.nn.Linear(inputs, 1))

    def forward(self, parts, size):
        x = torch.cat([self.table(ids, offsets).view(size, -1) for ids, offsets in parts], dim=1)
        return torch.sigmoid(self.ctr(x).squeeze(1)), torch.sigmoid(self.cvr(x).squeeze(1))


def train(model, joined, places, click, conversion):
    optimizer = torch.optim.AdamW([
        {"params": [*model.ctr.parameters(), *model.cvr.parameters()], "lr": 1e-3, "weight_decay": 1e-2},
        {"params": model.table.parameters(), "lr": 2e-3, "weight_decay": 0.0}], fused=True)
    for batch in places[torch.randperm(len(places))].split(BATCH):
        optimizer.zero_grad()
        p_ctr, p_cvr = model(joined.gather(batch), len(batch))
        loss = (functional.binary_cross_entropy(p_ctr, click[batch])
                + functional.binary_cross_entropy(p_ctr * p_cvr, conversion[batch]))
        loss.backward()
        optimizer.step()


@torch.no_grad()
def evaluate(model, joined, places, click, conversion):
    model.eval()
    scores = [model(joined.gather(batch), len(batch)) for batch in places.split(4096)]
    p_ctr, p_cvr = (torch.cat(part).double().numpy() for part in zip(*scores))
    click, conversion = click[places].numpy(), conversion[places].numpy()
    clicked = click == 1
    heads = {"ctr": (click, p_ctr), "cvr": (conversion[clicked], p_cvr[clicked]), "ctcvr": (conversion, p_ctr * p_cvr)}
    return {head: {"auc": roc_auc_score(label, score), "logloss": log_loss(label, score)}
            for head, (label, score) in heads.items()}


def timed(what, function, *arguments):
    begin = time.perf_counter()
    result = function(*arguments)
    clock[what] = time.perf_counter() - begin
    return result


def main():
    torch.set_num_threads(int(sys.argv[2]))
    torch.manual_seed(1)
    bags, places, is_train, click, conversion, rows = timed("prepare", encode.read, sys.argv[1])
    joined = Joined(bags, [*places, numpy.arange(len(click))])
    click, conversion = torch.from_numpy(click), torch.from_numpy(conversion)
    model = Esmm(rows, sum(part.lengths.shape[1] for part in bags))
    train_places, test_places = (torch.from_numpy(numpy.flatnonzero(mask)) for mask in (is_train, ~is_train))
    timed("epoch", train, model, joined, train_places, click, conversion)
    heads = timed("evaluate", evaluate, model, joined, test_places, click, conversion)
    clock["all"] = time.perf_counter() - start
    print(json.dumps({"impressions": len(train_places), "rows": rows, "heads": heads, "seconds": clock}))


if __name__ == "__main__":
    main()
