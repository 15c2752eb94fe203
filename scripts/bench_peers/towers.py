"""The two towers and the losses, as anyone writes them in PyTorch."""
import torch
from torch.nn import functional

LAYERS, DIMENSION = [360, 200, 80], 16


def make_tower(inputs):
    layers = []
    for units in LAYERS:
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU(inplace=True)]
        inputs = units
    return torch.nn.Sequential(*layers, torch.nn.Linear(inputs, 1))


class Towers(torch.nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.ctr, self.cvr = make_tower(inputs), make_tower(inputs)

    def forward(self, x):
        p_ctr, p_cvr = torch.sigmoid(self.ctr(x).squeeze(1)), torch.sigmoid(self.cvr(x).squeeze(1))
        return p_ctr, p_ctr * p_cvr


def loss_of(p_ctr, p_ctcvr, click, conversion):
    return functional.binary_cross_entropy(p_ctr, click) + functional.binary_cross_entropy(p_ctcvr, conversion)
