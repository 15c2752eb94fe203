"""Plain PyTorch: one table, dense or sparse gradients, the optimisers of torch.optim."""
import torch

from towers import DIMENSION, Towers, loss_of


class Eager:
    def __init__(self, batches, sparse, optimizers):
        make = torch.nn.Embedding if batches.single else torch.nn.EmbeddingBag
        how = {} if batches.single else {"mode": "sum"}
        self.table = make(batches.table_rows, DIMENSION, sparse=sparse, **how)
        torch.nn.init.normal_(self.table.weight, std=1e-3)
        self.towers = Towers(batches.fields * DIMENSION)
        self.optimizers = optimizers(list(self.table.parameters()), list(self.towers.parameters()))
        self.inputs = [(batches.rows[i],) if batches.single else batches.bags(i) for i in range(batches.count)]
        self.labels = list(zip(batches.click, batches.conversion))

    def step(self, batch):
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        click, conversion = self.labels[batch]
        x = self.table(*self.inputs[batch]).reshape(len(click), -1)
        loss_of(*self.towers(x), click, conversion).backward()
        for optimizer in self.optimizers:
            optimizer.step()


def systems(batches):
    adam = torch.optim.Adam

    def dense(fused):
        return lambda: Eager(batches, False, lambda table, towers: [adam(table + towers, fused=fused)])

    def sparse(of_table):
        return lambda: Eager(batches, True, lambda table, towers: [of_table(table), adam(towers, fused=True)])

    return {
        "PyTorch, dense Adam": dense(fused=False),
        "PyTorch, dense Adam, fused": dense(fused=True),
        "PyTorch, SparseAdam": sparse(torch.optim.SparseAdam),
        "PyTorch, sparse Adagrad": sparse(torch.optim.Adagrad),
    }
