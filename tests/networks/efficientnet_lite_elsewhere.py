"""EfficientNet-Lite0 written again, with its batch norms as they are: in numpy, and in PyTorch.

Nothing here is taken from the package: the table, the padding and the order of the layers are
written down a second time, so that a slip in one of them shows.
"""

import numpy as np

# Kernel, stride of the depthwise convolution, expansion, input and output channels of each block.
BLOCKS = [
    (3, 1, 1, 32, 16),
    (3, 2, 6, 16, 24),
    (3, 1, 6, 24, 24),
    (5, 2, 6, 24, 40),
    (5, 1, 6, 40, 40),
    (3, 2, 6, 40, 80),
    (3, 1, 6, 80, 80),
    (3, 1, 6, 80, 80),
    (5, 1, 6, 80, 112),
    (5, 1, 6, 112, 112),
    (5, 1, 6, 112, 112),
    (5, 2, 6, 112, 192),
    (5, 1, 6, 192, 192),
    (5, 1, 6, 192, 192),
    (5, 1, 6, 192, 192),
    (3, 1, 6, 192, 320),
]


def same_padding(size, kernel, stride):
    """TensorFlow's: as many outputs as strides begin within; an odd pixel goes behind."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def numpy_outputs(arrays, images):
    """Outputs of all blocks, channels first, and features and logits, in float64."""

    def convolution(x, name, stride=1):
        kernel = arrays[f"{name}.weight"].astype(np.float64)
        size = kernel.shape[-1]
        around = [same_padding(side, size, stride) for side in x.shape[2:]]
        x = np.pad(x, [(0, 0), (0, 0), *around])
        windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
        windows = windows[:, :, ::stride, ::stride]
        if "depthwise" in name:
            return np.einsum("nchwij,cij->nchw", windows, kernel[:, 0])
        return np.einsum("nchwij,ocij->nohw", windows, kernel, optimize=True)

    def norm(x, name):
        gamma, beta, mean, variance = (
            arrays[f"{name}.{part}"].astype(np.float64)[:, None, None]
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        return (x - mean) / np.sqrt(variance + 1e-3) * gamma + beta

    def relu6(x):
        return np.minimum(np.maximum(x, 0), 6)

    outputs = {}
    x = np.asarray(images, np.float64).transpose(0, 3, 1, 2)
    x = relu6(norm(convolution(x, "_conv_stem", 2), "_bn0"))
    for index, (_, stride, expansion, width_in, width_out) in enumerate(BLOCKS):
        block, begin = f"_blocks.{index}", x
        if expansion > 1:
            x = relu6(norm(convolution(x, f"{block}._expand_conv"), f"{block}._bn0"))
        x = relu6(norm(convolution(x, f"{block}._depthwise_conv", stride), f"{block}._bn1"))
        x = norm(convolution(x, f"{block}._project_conv"), f"{block}._bn2")
        x = outputs[f"block_{index}"] = x + begin if (stride, width_in) == (1, width_out) else x
    x = relu6(norm(convolution(x, "_conv_head"), "_bn1"))
    outputs["features"] = x.mean(axis=(2, 3))
    outputs["logits"] = outputs["features"] @ arrays["_fc.weight"].T + arrays["_fc.bias"]
    return outputs


def torch_network(torch):
    """A ``torch.nn.Module`` that takes the file's state dict as it is, and returns the same."""
    nn = torch.nn

    class Same(nn.Conv2d):
        def forward(self, x):
            (top, bottom), (left, right) = (
                same_padding(side, self.kernel_size[0], self.stride[0]) for side in x.shape[2:]
            )
            return super().forward(nn.functional.pad(x, (left, right, top, bottom)))

    def norm(width):
        return nn.BatchNorm2d(width, eps=1e-3)

    class Block(nn.Module):
        def __init__(self, kernel, stride, expansion, width_in, width_out):
            super().__init__()
            width = expansion * width_in
            self.adds = stride == 1 and width_in == width_out
            if expansion > 1:
                self._expand_conv, self._bn0 = Same(width_in, width, 1, bias=False), norm(width)
            self._depthwise_conv = Same(width, width, kernel, stride, groups=width, bias=False)
            self._bn1 = norm(width)
            self._project_conv, self._bn2 = Same(width, width_out, 1, bias=False), norm(width_out)

        def forward(self, begin):
            x = begin
            if hasattr(self, "_expand_conv"):
                x = nn.functional.relu6(self._bn0(self._expand_conv(x)))
            x = nn.functional.relu6(self._bn1(self._depthwise_conv(x)))
            x = self._bn2(self._project_conv(x))
            return x + begin if self.adds else x

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self._conv_stem, self._bn0 = Same(3, 32, 3, 2, bias=False), norm(32)
            self._blocks = nn.ModuleList([Block(*block) for block in BLOCKS])
            self._conv_head, self._bn1 = Same(320, 1280, 1, bias=False), norm(1280)
            self._fc = nn.Linear(1280, 1000)

        def forward(self, x):
            outputs = {}
            x = nn.functional.relu6(self._bn0(self._conv_stem(x)))
            for index, block in enumerate(self._blocks):
                x = outputs[f"block_{index}"] = block(x)
            x = nn.functional.relu6(self._bn1(self._conv_head(x)))
            outputs["features"] = x.mean(dim=(2, 3))
            outputs["logits"] = self._fc(outputs["features"])
            return outputs

    return Network().eval()
