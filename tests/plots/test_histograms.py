import numpy as np
import pytest

from tfgan_lab.plots import channel_histograms, histogram


def test_bars_count_and_the_line_is_the_median():
    (axis,) = histogram([1, 1, 2, 9], "bytes", bins=[0, 1.5, 5, 10]).axes
    assert [patch.get_height() for patch in axis.patches] == [2, 1, 1]
    np.testing.assert_array_equal(axis.lines[0].get_xdata(), [1.5, 1.5])
    assert axis.get_legend().get_texts()[0].get_text() == "median 1.5"
    with pytest.raises(ValueError, match="Expected values for a histogram"):
        histogram([], "bytes")


@pytest.mark.parametrize("channels", [1, 3])
def test_lines_are_shares(channels):
    counts = np.zeros((channels, 256))
    counts[:, 0], counts[:, 100] = 3, 1
    (axis,) = channel_histograms(counts).axes
    for line in axis.lines:
        assert line.get_ydata()[0] == 0.75 and line.get_ydata()[100] == 0.25
    assert axis.get_ylim()[1] == pytest.approx(1.15 * 0.25)  # Not that of the clipped value.
    assert len(axis.lines) == channels
    with pytest.raises(ValueError, match=r"shape \(1 or 3, 256\). Received: \(2, 256\)"):
        channel_histograms(np.zeros((2, 256)))
    assert channel_histograms(np.zeros((channels, 256))).axes
