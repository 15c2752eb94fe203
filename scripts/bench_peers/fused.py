"""Tables whose backward updates them: fbgemm's and torchrec's, with row-wise Adagrad."""
import contextlib

import torch

from towers import DIMENSION, Towers, loss_of


class Fused:
    """The towers over a table that updates itself; `look_up` gives [B, F * D]."""

    def __init__(self, batches, bf16=False):
        self.towers = Towers(batches.fields * DIMENSION)
        self.optimizer = torch.optim.Adam(self.towers.parameters(), fused=True)
        self.labels = list(zip(batches.click, batches.conversion))
        self.bf16 = bf16

    def step(self, batch):
        self.optimizer.zero_grad()
        click, conversion = self.labels[batch]
        x = self.look_up(batch)
        with torch.autocast("cpu", torch.bfloat16) if self.bf16 else contextlib.nullcontext():
            p_ctr, p_ctcvr = self.towers(x)
        loss_of(p_ctr.float(), p_ctcvr.float(), click, conversion).backward()
        self.optimizer.step()


class Fbgemm(Fused):
    def __init__(self, batches, **how):
        from fbgemm_gpu.split_embedding_configs import EmbOptimType
        from fbgemm_gpu.split_table_batched_embeddings_ops_training import (
            BoundsCheckMode, ComputeDevice, EmbeddingLocation, SplitTableBatchedEmbeddingBagsCodegen)

        super().__init__(batches, **how)
        self.table = SplitTableBatchedEmbeddingBagsCodegen(
            [(batches.table_rows, DIMENSION, EmbeddingLocation.HOST, ComputeDevice.CPU)],
            feature_table_map=[0] * batches.fields,
            optimizer=EmbOptimType.EXACT_ROWWISE_ADAGRAD,
            learning_rate=1e-2,
            bounds_check_mode=BoundsCheckMode.NONE)
        self.table.init_embedding_weights_uniform(-1e-3, 1e-3)
        self.inputs = [batches.bags_by_field(i, own_tables=False) for i in range(batches.count)]

    def look_up(self, batch):
        return self.table(*self.inputs[batch])


class TorchRec(Fused):
    def __init__(self, batches, **how):
        import torchrec
        from torchrec.modules.fused_embedding_modules import FusedEmbeddingBagCollection

        super().__init__(batches, **how)
        names = [f"f{f}" for f in range(batches.fields)]
        tables = [
            torchrec.EmbeddingBagConfig(
                name="t_" + name, feature_names=[name], embedding_dim=DIMENSION, num_embeddings=batches.rows_of_field)
            for name in names
        ]
        self.tables = FusedEmbeddingBagCollection(
            tables,
            optimizer_type=torchrec.optim.RowWiseAdagrad,
            optimizer_kwargs={"lr": 1e-2},
            device=torch.device("cpu"))
        self.inputs = []
        for i in range(batches.count):
            ids, offsets = batches.bags_by_field(i, own_tables=True)
            self.inputs.append(torchrec.KeyedJaggedTensor(keys=names, values=ids, offsets=offsets))

    def look_up(self, batch):
        return self.tables(self.inputs[batch]).values()


def systems(batches):
    return {
        "fbgemm, row-wise Adagrad": lambda: Fbgemm(batches),
        "torchrec, row-wise Adagrad": lambda: TorchRec(batches),
        "fbgemm, bf16 autocast": lambda: Fbgemm(batches, bf16=True),
        "torchrec, bf16 autocast": lambda: TorchRec(batches, bf16=True),
    }
