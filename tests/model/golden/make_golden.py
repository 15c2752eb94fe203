"""Writes methods.json: forward, loss, gradients and ten steps of Adam of each method, by plain PyTorch in float64.

pip install torch==2.11.0 numpy; python make_golden.py

Nothing here knows our formulas: the losses are torch's binary_cross_entropy on probabilities, copies and samples
are rows that really are there twice or not at all, the look-up is torch.nn.functional.embedding_bag on dense
tables, the optimiser is torch.optim.Adam on all parameters. Before each loss the generator is seeded with the
step's number, for the methods that draw.
"""
import json
import pathlib

import torch
from torch.nn.functional import binary_cross_entropy, embedding_bag, linear

torch.manual_seed(20180423)
torch.set_default_dtype(torch.float64)

B, F, D, V = 6, 3, 4, 12
LAYERS = [6, 5]
STEPS = 10
ADAM = {"lr": 0.02, "betas": (0.9, 0.999), "eps": 1e-8}


def make_batch():
    lengths = torch.randint(0, 4, (B * F,))
    offsets = torch.cat([torch.zeros(1, dtype=torch.long), lengths.cumsum(0)])
    n = int(offsets[-1])
    click = torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0, 1.0])
    return {
        "rows": torch.randint(0, V, (n,)),
        "offsets": offsets,
        # exact in float32, which batches hold
        "weights": torch.randint(-8, 9, (n,)).double() / 8,
        "click": click,
        "conversion": click * torch.tensor([0.0, 0.0, 1.0, 0.0, 0.0, 1.0]),
    }


def look_up(parameters, table, batch):
    bags = embedding_bag(batch["rows"], parameters[table], batch["offsets"], mode="sum",
                         per_sample_weights=batch["weights"], include_last_offset=True)
    return bags.view(B, F * D)


def run_tower(parameters, tower, x):
    for k in range(len(LAYERS)):
        x = linear(x, parameters[f"{tower}.hidden_{k}.weight"], parameters[f"{tower}.hidden_{k}.bias"]).relu()
    return linear(x, parameters[f"{tower}.output.weight"], parameters[f"{tower}.output.bias"]).squeeze(1)


UNCLICKED, COPIES, FLOOR, COUNTERFACTUAL_WEIGHT = 0.5, 3, 0.4, 0.01


def shared_forward(parameters, batch, third=None):
    x = look_up(parameters, "embedding.table", batch)
    towers = ["ctr_tower", "cvr_tower"] + ([third] if third else [])
    return [run_tower(parameters, tower, x) for tower in towers]


def separate_forward(parameters, batch):
    return [run_tower(parameters, f"{task}_tower", look_up(parameters, f"{task}_embedding.table", batch))
            for task in ["ctr", "cvr"]]


def ctr_loss(ctr, batch):
    return binary_cross_entropy(ctr.sigmoid(), batch["click"])


def ctcvr_loss(ctr, cvr, batch):
    return binary_cross_entropy(ctr.sigmoid() * cvr.sigmoid(), batch["conversion"])


def cvr_loss(cvr, batch, rows):
    """Over these rows, a list of places."""
    if len(rows) == 0:
        return (cvr * 0).sum()
    return binary_cross_entropy(cvr.sigmoid()[rows], batch["conversion"][rows])


def uniform():
    return torch.rand(B, dtype=torch.float32).double()


def esmm_loss(ctr, cvr, batch):
    return {"ctr": ctr_loss(ctr, batch), "ctcvr": ctcvr_loss(ctr, cvr, batch)}


def base_loss(ctr, cvr, batch):
    rows = [i for i in range(B) if batch["click"][i] == 1]
    return {"ctr": ctr_loss(ctr, batch), "cvr": cvr_loss(cvr, batch, rows)}


def aman_loss(ctr, cvr, batch):
    drawn = uniform()
    rows = [i for i in range(B) if batch["click"][i] == 1 or drawn[i] < UNCLICKED]
    return {"ctr": ctr_loss(ctr, batch), "cvr": cvr_loss(cvr, batch, rows)}


def oversampling_loss(ctr, cvr, batch):
    rows = [i for i in range(B) if batch["click"][i] == 1 for _ in range(COPIES if batch["conversion"][i] == 1 else 1)]
    return {"ctr": ctr_loss(ctr, batch), "cvr": cvr_loss(cvr, batch, rows)}


def unbias_loss(ctr, cvr, batch):
    drawn, propensity = uniform(), ctr.sigmoid().detach()
    rows = [i for i in range(B) if batch["click"][i] == 1 and drawn[i] < FLOOR / propensity[i]]
    return {"ctr": ctr_loss(ctr, batch), "cvr": cvr_loss(cvr, batch, rows)}


def division_loss(ctr, ctcvr, batch):
    return {"ctr": ctr_loss(ctr, batch), "ctcvr": binary_cross_entropy(ctcvr.sigmoid(), batch["conversion"])}


def errors(cvr, label):
    return binary_cross_entropy(cvr.sigmoid(), label, reduction="none")


def propensity(ctr):
    return ctr.sigmoid().detach()


def escm2_ips_loss(ctr, cvr, batch):
    ips = [errors(cvr, batch["conversion"])[i] / max(propensity(ctr)[i].item(), FLOOR)
           for i in range(B) if batch["click"][i] == 1]
    return {"ctr": ctr_loss(ctr, batch), "cvr": sum(ips) / B, "ctcvr": ctcvr_loss(ctr, cvr, batch)}


def escm2_dr_loss(ctr, cvr, imputation, batch):
    error, imputed = errors(cvr, batch["conversion"]), torch.log(1 + imputation.exp())
    total = imputed.sum()
    for i in range(B):
        if batch["click"][i] == 1:
            gap, gap_of_imputation = error[i] - imputed[i], error[i].detach() - imputed[i]
            total = total + (gap + gap_of_imputation ** 2) / max(propensity(ctr)[i].item(), FLOOR)
    return {"ctr": ctr_loss(ctr, batch), "cvr": total / B, "ctcvr": ctcvr_loss(ctr, cvr, batch)}


def dcmt_loss(ctr, cvr, counterfactual, batch):
    factual, twin = errors(cvr, batch["conversion"]), errors(counterfactual, 1 - batch["conversion"])
    sums = {1: [0, 0], 0: [0, 0]}  # weighted errors and weights, of the clicked and of the others
    for i in range(B):
        clicked = int(batch["click"][i])
        p = propensity(ctr)[i].item()
        weight = 1 / max(p if clicked else 1 - p, FLOOR)
        sums[clicked][0] = sums[clicked][0] + weight * (factual if clicked else twin)[i]
        sums[clicked][1] += weight
    cvr_term = sum(error / weight for error, weight in sums.values())
    gap = (1 - (cvr.sigmoid() + counterfactual.sigmoid())).abs().mean()
    return {"ctr": ctr_loss(ctr, batch), "cvr": cvr_term + COUNTERFACTUAL_WEIGHT * gap,
            "ctcvr": ctcvr_loss(ctr, cvr, batch)}


SHARED, SEPARATE = ["embedding.table"], ["ctr_embedding.table", "cvr_embedding.table"]
METHODS = {
    "esmm": (SHARED, shared_forward, esmm_loss),
    "esmm_ns": (SEPARATE, separate_forward, esmm_loss),
    "base": (SEPARATE, separate_forward, base_loss),
    "aman": (SEPARATE, separate_forward, aman_loss),
    "oversampling": (SEPARATE, separate_forward, oversampling_loss),
    "unbias": (SEPARATE, separate_forward, unbias_loss),
    "division": (SEPARATE, separate_forward, division_loss),
    "escm2_ips": (SHARED, shared_forward, escm2_ips_loss),
    "escm2_dr": (SHARED, lambda p, b: shared_forward(p, b, "imputation_tower"), escm2_dr_loss, "imputation_tower"),
    "dcmt": (SHARED, lambda p, b: shared_forward(p, b, "counterfactual_tower"), dcmt_loss, "counterfactual_tower"),
}


def initial(tables, third):
    parameters = {table: torch.randn(V, D) / 2 for table in tables}
    for tower in ["ctr_tower", "cvr_tower"] + ([third] if third else []):
        inputs = F * D
        for k, outputs in enumerate(LAYERS + [1]):
            name = f"{tower}.hidden_{k}" if k < len(LAYERS) else f"{tower}.output"
            parameters[f"{name}.weight"] = torch.randn(outputs, inputs) * (2 / inputs) ** 0.5
            parameters[f"{name}.bias"] = torch.randn(outputs) / 10
            inputs = outputs
    return {name: value.requires_grad_() for name, value in parameters.items()}


def plain(tensors):
    return {name: value.detach().tolist() for name, value in tensors.items()}


def golden(batches, tables, forward, loss, third=None):
    parameters = initial(tables, third)
    result = {"initial": plain(parameters), "losses": []}
    optimizer = torch.optim.Adam(parameters.values(), **ADAM)
    for step in range(STEPS):
        batch = batches[step % len(batches)]
        logits = forward(parameters, batch)
        torch.random.default_generator.manual_seed(step)
        terms = loss(*logits, batch)
        optimizer.zero_grad()
        sum(terms.values()).backward()
        if step == 0:
            result["ctr"], result["cvr"] = logits[0].tolist(), logits[1].tolist()
            result["terms"] = {name: term.item() for name, term in terms.items()}
            result["gradients"] = plain({name: value.grad for name, value in parameters.items()})
        result["losses"].append(sum(terms.values()).item())
        optimizer.step()
    return result | {"trained": plain(parameters)}


def main():
    batches = [make_batch() for _ in range(3)]
    result = {"shape": {"B": B, "F": F, "D": D, "V": V, "layers": LAYERS, "learning_rate": ADAM["lr"]},
              "options": {"unclicked": UNCLICKED, "copies": COPIES, "propensity_floor": FLOOR,
                          "counterfactual_weight": COUNTERFACTUAL_WEIGHT},
              "batches": [plain(batch) for batch in batches]}
    for name, parts in METHODS.items():
        torch.manual_seed(20180423)  # a new method changes no other's values
        result[name] = golden(batches, *parts)
    pathlib.Path(__file__).with_name("methods.json").write_text(json.dumps(result) + "\n")


main()
