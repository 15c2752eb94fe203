"""ESMM of DeepCTR-Torch and of torch-rechub: their models, with PyTorch's fused Adam, which is faster than the
Adam that their own trainers choose, and in a loop without their trainers' metrics."""
import sys
import types

import torch

from towers import DIMENSION, LAYERS, loss_of

# deepctr_torch asks the internet for its newest version when it is imported.
sys.modules.setdefault("requests", types.ModuleType("requests"))


class DeepCtr:
    def __init__(self, batches):
        from deepctr_torch.inputs import SparseFeat, VarLenSparseFeat
        from deepctr_torch.models.multitask import ESMM

        def feature(field, ids):
            single = SparseFeat(f"f{field}", batches.rows_of_field + 1, DIMENSION)
            return single if ids == 1 else VarLenSparseFeat(single, maxlen=ids, combiner="sum")

        features = [feature(f, ids) for f, ids in enumerate(batches.ids_of_field)]
        self.model = ESMM(features, tower_dnn_hidden_units=LAYERS, l2_reg_embedding=0, l2_reg_linear=0)
        self.optimizer = torch.optim.Adam(self.model.parameters(), fused=True)
        # As its fit() does it: one float matrix of all columns. Id 0 is padding.
        self.inputs = [torch.cat(batches.columns(i, first=1), dim=1).float() for i in range(batches.count)]
        self.labels = list(zip(batches.click, batches.conversion))

    def step(self, batch):
        self.optimizer.zero_grad()
        p_ctr, p_ctcvr = self.model(self.inputs[batch]).unbind(1)
        loss_of(p_ctr, p_ctcvr, *self.labels[batch]).backward()
        self.optimizer.step()


class RecHub:
    def __init__(self, batches):
        from torch_rechub.basic.features import SequenceFeature, SparseFeature
        from torch_rechub.models.multi_task import ESMM

        def feature(field, ids):
            if ids == 1:
                return SparseFeature(f"f{field}", batches.rows_of_field, DIMENSION)
            return SequenceFeature(f"f{field}", batches.rows_of_field, DIMENSION, pooling="sum")

        features = [feature(f, ids) for f, ids in enumerate(batches.ids_of_field)]
        users = batches.user_fields
        self.model = ESMM(features[:users], features[users:], {"dims": LAYERS}, {"dims": LAYERS})
        self.model.train()
        self.optimizer = torch.optim.Adam(self.model.parameters(), fused=True)
        self.inputs = []
        for i in range(batches.count):
            columns = [column.squeeze(1) for column in batches.columns(i)]
            self.inputs.append({f"f{f}": column for f, column in enumerate(columns)})
        self.labels = list(zip(batches.click, batches.conversion))

    def step(self, batch):
        self.optimizer.zero_grad()
        _, p_ctr, p_ctcvr = self.model(self.inputs[batch]).unbind(1)
        loss_of(p_ctr, p_ctcvr, *self.labels[batch]).backward()
        self.optimizer.step()


def systems(batches):
    return {"DeepCTR-Torch": lambda: DeepCtr(batches), "torch-rechub": lambda: RecHub(batches)}
