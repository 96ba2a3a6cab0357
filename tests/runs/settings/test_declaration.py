import dataclasses

import pytest

from tfgan_lab.runs.settings.conditions import Is, unused_settings
from tfgan_lab.runs.settings.declaration import Settings, again, group_of_each, setting
from tfgan_lab.runs.settings.parts import Part
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig

SHAPES = {
    "round": Part("", {"radius": "radius"}),
    "square": Part("", {"side": "width"}, requires=(Is("filled", (False,), "its corners leak"),)),
    "oblong": Part("", {"side": "width"}, also=("tilt",)),
}


@dataclasses.dataclass(frozen=True)
class Brief(Settings):
    KIND = "a brief run"

    width: int = setting(2, "how wide", low=1, high=8, group="images")
    epochs: int = setting(3, "how long", group="budget")
    images: str = setting("", "the same in images", identity=False)
    batch_size: int = setting(4, "images in a step")
    shape: str = setting("square", "what is drawn", choices=SHAPES, needs=("visible",))
    visible: bool = setting(True, "whether anything is")
    radius: int = setting(1, "of what is round")
    tilt: float = setting(0.0, "in turns", flag=False)
    filled: bool = setting(False, "the inside, too")
    shade: int = setting(0, "how dark", needs=(("filled", Is("shape", ("round",))),))

    @classmethod
    def preset_values(cls, preset="", **overrides):
        return {"width": 1} | overrides

    def check_together(self):
        if self.width > self.batch_size:
            raise ConfigError("Expected --width up to --batch_size")


@dataclasses.dataclass(frozen=True)
class Wide(Brief):
    width: int = again(Brief, "width", default=5, high=9)
    batch_size: int = again(Brief, "batch_size", default=8, choices=(8, 16))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"width": 9}, "Expected --width from 1 to 8. Received: width=9"),
        ({"width": 5}, "Expected --width up to --batch_size"),
        ({"images": "many"}, "Expected --images as a number"),
        ({"radius": 3}, "Expected --shape=round with --radius, .*; --radius=1 leaves it out"),
        ({"shape": "round", "width": 3}, "Expected --shape=square or oblong with --width"),
        ({"tilt": 0.5}, "--shape=oblong with tilt, .*tilt=0.5; tilt=0.0 leaves it out"),
        ({"shade": 2}, "Expected --filled or --shape=round with --shade"),
        ({"filled": True}, "Expected --nofilled with --shape=square: its corners leak. Received: "),
        (
            {"shape": "round", "radius": 3, "visible": False},
            "Expected --visible with --shape, which would have no effect",
        ),
    ],
)
def test_each_is_checked_and_then_all_together(settings, message):
    with pytest.raises(ConfigError, match=message):
        Brief(**settings)


def test_budgets():
    assert Brief.from_preset(epochs=5) == Brief(width=1, epochs=5)
    assert Brief(images="1.5k").num_images() == 1500
    assert Brief(images="9").total_epochs(1) == 3 and Brief().total_epochs(7) == 3
    with pytest.raises(ConfigError, match="Expected the name of a setting. Received: 'depth'"):
        Brief.checked_by_name({"depth": 1})


def test_what_belongs_to_a_choice_without_effect_has_none():
    hidden = Brief(visible=False)
    assert unused_settings(hidden).keys() == {"shape", "width", "radius", "tilt", "shade"}
    assert unused_settings(hidden)["radius"] == "--visible and --shape=round"
    assert unused_settings(Brief(shape="oblong")).keys() == {"radius", "shade"}


def test_a_setting_declared_again_keeps_the_rest():
    assert (Wide().width, Wide().batch_size) == (5, 8)
    assert list(group_of_each(Wide)) == [
        "epochs", "images", "batch_size", "shape", "visible", "radius", "tilt", "filled", "shade",
        "width",
    ]  # fmt: skip
    with pytest.raises(ConfigError, match="Expected --width from 1 to 9"):
        Wide(width=10)
    with pytest.raises(ConfigError, match="Expected --batch_size out of 8, 16"):
        Wide(batch_size=9)
    with pytest.raises(TypeError, match="Expected identity, flag, group. Received: least"):
        setting(3, "how deep", least=1)


def test_runs_differ_in_what_is_of_identity():
    assert Brief(width=3).differences(Brief(images="2k").to_dict()) == {"width": (3, 2)}
    assert Brief(width=3).differences({}) == {"width": (3, 2)}


def test_a_record_of_another_kind_is_refused():
    record = {"settings": Brief(width=3).to_dict()}
    assert Brief.of_record(record) == Brief(width=3)
    with pytest.raises(ConfigError, match="Expected a run that generates images. .* --filled"):
        RunConfig.of_record(record)
