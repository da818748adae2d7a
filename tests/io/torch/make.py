"""Makes the checkpoints of this folder: python3 make.py (PyTorch 1.13)."""
import collections

import torch

base = torch.arange(12, dtype=torch.float32).reshape(3, 4)
half = torch.tensor([1.0, -2.5, 65504.0])
checkpoint = {
    "epoch": 7,
    "state_dict": collections.OrderedDict(
        [
            ("conv.weight", torch.arange(24, dtype=torch.float32).reshape(2, 3, 2, 2) / 8),
            ("turned", base.t()),  # strides 1, 4
            ("part", base[1:, 2]),  # an offset into the storage of the one above
            ("parameter", torch.nn.Parameter(torch.tensor([0.5, -1.5], dtype=torch.float64))),
            ("half", half.half()),
            ("bfloat16", half.bfloat16()),
            ("count", torch.tensor(-3)),
            ("int32", torch.tensor([1, -2**31], dtype=torch.int32)),
            ("int16", torch.tensor([1, -2**15], dtype=torch.int16)),
            ("int8", torch.tensor([-128, 127], dtype=torch.int8)),
            ("uint8", torch.tensor([0, 255], dtype=torch.uint8)),
            ("bool", torch.tensor([True, False])),
            ("empty", torch.zeros(0, 3)),
        ]
    ),
    "optimizer": {"lr": 1e-3, "groups": [{"betas": (0.9, 0.999)}]},
    "list": [torch.tensor([4.0]), "text"],
}
torch.save(checkpoint, "archive.pt")
torch.save(checkpoint, "legacy.pt", _use_new_zipfile_serialization=False)
torch.save(torch.nn.Linear(2, 1), "module.pt")
torch.save(torch.tensor([1 + 2j]), "complex.pt")
torch.save(torch.eye(3).to_sparse(), "sparse.pt")
torch.save(torch.tensor([1.0, 2.0]), "tensor.pt")
