import keras
import pytest

from tfgan_lab.configurable import Configurable


@keras.saving.register_keras_serializable(package="test")
class _Part(Configurable):
    def __init__(self, number, pair=(1, 2), *, inner=None):
        self.number = number
        self.pair = pair
        self.inner = inner


@keras.saving.register_keras_serializable(package="test")
class _Child(_Part):
    """Takes its parent's arguments."""


@keras.saving.register_keras_serializable(package="test")
class _Bare(Configurable):
    """Takes none."""


@pytest.mark.parametrize("kind", [_Part, _Child])
def test_nested_round_trip(kind):
    part = kind(0.25, pair=(3, 4), inner=kind(7))
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(part))
    assert type(again) is kind and type(again.inner) is kind
    assert (again.number, tuple(again.pair)) == (0.25, (3, 4))
    assert again.inner.number == 7 and again.inner.inner is None
    assert part.get_config()["number"] == 0.25


def test_without_arguments():
    assert _Bare().get_config() == {}
    assert isinstance(_Bare.from_config({}), _Bare)
