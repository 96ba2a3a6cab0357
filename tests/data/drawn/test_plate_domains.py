import numpy as np
import pytest

from tfgan_lab.data.drawn.plate_domains import (
    FACTORS,
    draw_domains,
    draw_with,
    read_factor,
)
from tfgan_lab.data.drawn.plates import draw_plates


@pytest.mark.parametrize(
    ("factor", "values"),
    [("tablecloth", ["blue", "red"]), ("plate", ["white", "violet", "black"])],
)
def test_domains_are_plates_and_are_read_right(factor, values):
    images, domains, scenes = draw_domains(factor, values, 60, image_size=32, seed=4)
    plates, factors = draw_plates(int(scenes[-1]) + 1, image_size=32, seed=4)
    np.testing.assert_array_equal(images, plates[scenes])
    named = [FACTORS[factor].index(value) for value in values]
    assert (factors[factor][scenes] == np.take(named, domains)).all()
    assert (read_factor(images, factor) == np.take(named, domains)).all()
    assert set(domains) == set(range(len(values)))


def test_another_value_changes_the_factor_and_nothing_elsewhere():
    images, domains, scenes = draw_domains("tablecloth", ["blue", "red"], 20, seed=4)
    red = draw_with("tablecloth", "red", scenes, seed=4)
    assert (read_factor(red, "tablecloth") == FACTORS["tablecloth"].index("red")).all()
    np.testing.assert_array_equal(read_factor(red, "plate"), read_factor(images, "plate"))
    np.testing.assert_array_equal(red[domains == 1], images[domains == 1])
    changed = (red != images).any(axis=-1)[domains == 0]
    # All around the plate is cloth; in the middle lies the food.
    assert changed[:, [0, 0, -1, -1], [0, -1, 0, -1]].all() and not changed[:, 12:20, 12:20].any()


def test_faults():
    with pytest.raises(
        ValueError, match="Expected a factor out of tablecloth, plate. Received: 's"
    ):
        draw_domains("sauce", ["red"], 3)
    with pytest.raises(
        ValueError, match="Expected values of plate out of white, .* Received: 'red"
    ):
        draw_domains("plate", ["white", "red"], 3)
    with pytest.raises(ValueError, match="Expected count of at least 1"):
        draw_domains("plate", ["white"], 0)
    with pytest.raises(ValueError, match="Expected a factor"):
        read_factor(np.zeros((1, 32, 32, 3), np.uint8), "sauce")
