import numpy as np
import pytest

from tfgan_lab.plots import confusion_map


def test_shares_of_each_row():
    figure = confusion_map([[3, 1], [0, 0]], ["cat", "dog"], title="one")
    (axis,) = figure.axes
    np.testing.assert_allclose(axis.images[0].get_array(), [[0.75, 0.25], [0, 0]])
    assert [text.get_text() for text in axis.texts] == ["75", "25"]
    assert [text.get_text() for text in axis.get_xticklabels()] == ["cat", "dog"]
    assert axis.get_title() == "one"


def test_many_classes_have_no_numbers():
    figure = confusion_map(np.eye(13), [str(label) for label in range(13)])
    assert not figure.axes[0].texts


def test_refuses_other_shapes():
    with pytest.raises(ValueError, match=r"Expected counts of shape \(2, 2\). Received: \(2, 3\)"):
        confusion_map(np.zeros((2, 3)), ["a", "b"])
