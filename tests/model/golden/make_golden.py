"""Writes methods.json: forward, loss, gradients and ten steps of Adam of each method, by plain PyTorch in float64.

pip install torch==2.11.0 numpy; python make_golden.py

Nothing here knows our formulas: the losses are torch's binary_cross_entropy on probabilities, the look-up is
torch.nn.functional.embedding_bag on dense tables, the optimiser is torch.optim.Adam on all parameters.
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


def esmm_forward(parameters, batch):
    x = look_up(parameters, "embedding.table", batch)
    return run_tower(parameters, "ctr_tower", x), run_tower(parameters, "cvr_tower", x)


def esmm_loss(ctr, cvr, batch):
    p_ctr, p_cvr = ctr.sigmoid(), cvr.sigmoid()
    return {"ctr": binary_cross_entropy(p_ctr, batch["click"]),
            "ctcvr": binary_cross_entropy(p_ctr * p_cvr, batch["conversion"])}


def base_forward(parameters, batch):
    return (run_tower(parameters, "ctr_tower", look_up(parameters, "ctr_embedding.table", batch)),
            run_tower(parameters, "cvr_tower", look_up(parameters, "cvr_embedding.table", batch)))


def base_loss(ctr, cvr, batch):
    clicked = batch["click"] == 1
    return {"ctr": binary_cross_entropy(ctr.sigmoid(), batch["click"]),
            "cvr": binary_cross_entropy(cvr.sigmoid()[clicked], batch["conversion"][clicked])}


METHODS = {
    "esmm": (["embedding.table"], esmm_forward, esmm_loss),
    "base": (["ctr_embedding.table", "cvr_embedding.table"], base_forward, base_loss),
}


def initial(tables):
    parameters = {table: torch.randn(V, D) / 2 for table in tables}
    for tower in ["ctr_tower", "cvr_tower"]:
        inputs = F * D
        for k, outputs in enumerate(LAYERS + [1]):
            name = f"{tower}.hidden_{k}" if k < len(LAYERS) else f"{tower}.output"
            parameters[f"{name}.weight"] = torch.randn(outputs, inputs) * (2 / inputs) ** 0.5
            parameters[f"{name}.bias"] = torch.randn(outputs) / 10
            inputs = outputs
    return {name: value.requires_grad_() for name, value in parameters.items()}


def plain(tensors):
    return {name: value.detach().tolist() for name, value in tensors.items()}


def golden(tables, forward, loss, batches):
    parameters = initial(tables)
    result = {"initial": plain(parameters), "losses": []}
    optimizer = torch.optim.Adam(parameters.values(), **ADAM)
    for step in range(STEPS):
        batch = batches[step % len(batches)]
        ctr, cvr = forward(parameters, batch)
        terms = loss(ctr, cvr, batch)
        optimizer.zero_grad()
        sum(terms.values()).backward()
        if step == 0:
            result["ctr"], result["cvr"] = ctr.tolist(), cvr.tolist()
            result["terms"] = {name: term.item() for name, term in terms.items()}
            result["gradients"] = plain({name: value.grad for name, value in parameters.items()})
        result["losses"].append(sum(terms.values()).item())
        optimizer.step()
    return result | {"trained": plain(parameters)}


def main():
    batches = [make_batch() for _ in range(3)]
    result = {"shape": {"B": B, "F": F, "D": D, "V": V, "layers": LAYERS, "learning_rate": ADAM["lr"]},
              "batches": [plain(batch) for batch in batches]}
    for name, parts in METHODS.items():
        result[name] = golden(*parts, batches)
    pathlib.Path(__file__).with_name("methods.json").write_text(json.dumps(result) + "\n")


main()
