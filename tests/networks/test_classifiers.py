import numpy as np
import pytest

from tfgan_lab.attribution import activation_maps
from tfgan_lab.attribution.heads import pooled_head
from tfgan_lab.networks import pooled_classifier


@pytest.mark.parametrize(
    ("size", "channels", "widths", "side"), [(28, 1, (4, 4), 14), (64, 3, (4, 8, 8), 16)]
)
def test_ends_in_a_head_with_exact_maps(size, channels, widths, side):
    network = pooled_classifier(image_size=size, channels=channels, num_classes=5, widths=widths)
    assert network.output_shape == (None, 5)
    assert pooled_head(network).dense.units == 5
    images = np.random.default_rng(0).uniform(-1, 1, (2, size, size, channels))
    found = activation_maps(network, images, target=3)
    assert found.method == "class_activation" and found.maps.shape == (2, side, side)
    np.testing.assert_allclose(found.maps.sum(axis=(1, 2)), found.scores, atol=1e-5)


@pytest.mark.parametrize("arguments", [{"image_size": 30}, {"widths": ()}, {"num_classes": 1}])
def test_refuses(arguments):
    with pytest.raises(ValueError, match="Expected image_size divisible by"):
        pooled_classifier(**arguments)
