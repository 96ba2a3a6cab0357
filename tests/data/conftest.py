"""Fixtures for tests on image files."""

import numpy as np
import pytest
from PIL import Image

from tests.data.odd_files import encoded, write_odd_files
from tfgan_lab.data.decoding import UnusableImageError, read_image


@pytest.fixture(scope="session")
def odd_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    return folder, write_odd_files(folder)


@pytest.fixture
def save(tmp_path):
    """Returns a function that writes bytes, or an image and options, and returns the path."""

    def write(content, format="PNG", **options):
        path = tmp_path / "image"
        if isinstance(content, np.ndarray):
            content = Image.fromarray(content)
        if not isinstance(content, bytes):
            content = encoded(content, format, **options)
        path.write_bytes(content)
        return path

    return write


def reason(path):
    with pytest.raises(UnusableImageError) as caught:
        read_image(path, image_size=8)
    return caught.value.reason
