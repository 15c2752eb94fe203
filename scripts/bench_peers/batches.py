"""The batches that `esmm-bench train --arrays` wrote, in the layouts that the systems want."""
import json
import pathlib

import numpy
import torch


class Batches:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        shape = json.loads((folder / "shape.json").read_text())
        self.count, self.size, self.table_rows = shape["batches"], shape["batch_size"], shape["table_rows"]
        self.ids_of_field = [shape["user_ids"]] * shape["user_fields"] + [shape["item_ids"]] * shape["item_fields"]
        self.fields, self.user_fields = len(self.ids_of_field), shape["user_fields"]
        self.rows_of_field = self.table_rows // self.fields

        def read(name, dtype, *sizes):
            array = numpy.fromfile(folder / name, dtype=dtype).reshape(self.count, self.size, *sizes)
            return torch.from_numpy(array)

        self.rows = read("rows.i32", numpy.int32, sum(self.ids_of_field)).long()
        self.click, self.conversion = read("click.f32", numpy.float32), read("conversion.f32", numpy.float32)

    @property
    def single(self):
        return max(self.ids_of_field) == 1

    def columns(self, batch, first=0):
        """[B, ids] of each field; an id counts from `first` within its field, as a table of its own wants it."""
        parts = self.rows[batch].split(self.ids_of_field, dim=1)
        return [part - f * self.rows_of_field + first for f, part in enumerate(parts)]

    def bags(self, batch):
        """Table rows and offsets of B x F bags, impression by impression."""
        lengths = torch.tensor(self.ids_of_field).repeat(self.size)
        return self.rows[batch].reshape(-1), lengths.cumsum(0) - lengths

    def bags_by_field(self, batch, own_tables):
        """Ids and offsets (one more than bags) of F x B bags, field by field."""
        columns = self.columns(batch) if own_tables else self.rows[batch].split(self.ids_of_field, dim=1)
        lengths = torch.tensor(self.ids_of_field).repeat_interleave(self.size)
        offsets = torch.cat([torch.zeros(1, dtype=torch.long), lengths.cumsum(0)])
        return torch.cat([column.reshape(-1) for column in columns]), offsets
