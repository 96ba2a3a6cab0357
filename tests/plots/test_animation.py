import io

import numpy as np
import pytest
from PIL import Image

from tfgan_lab.plots import gif_bytes


@pytest.mark.parametrize("channels", [1, 3])
def test_frames_come_back(channels):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (5, 8, 8, channels)).astype(np.uint8)
    with Image.open(io.BytesIO(gif_bytes(images, milliseconds=50, smallest_side=12))) as animation:
        assert animation.n_frames == 5 and animation.size == (16, 16)
        assert animation.info["loop"] == 0 and animation.info["duration"] == 50
        for index, image in enumerate(images):
            animation.seek(index)
            shown = np.asarray(animation.convert("RGB"))[::2, ::2]
            np.testing.assert_array_equal(shown, np.broadcast_to(image, shown.shape))


def test_refuses():
    with pytest.raises(ValueError, match="Expected images of shape .*Received: .0, 8, 8, 3."):
        gif_bytes(np.zeros((0, 8, 8, 3)))
    with pytest.raises(ValueError, match="at least 20 milliseconds.*milliseconds=5"):
        gif_bytes(np.zeros((1, 8, 8, 3)), milliseconds=5)
