import dataclasses

import pytest

from tfgan_lab.runs.settings.declaration import Settings, setting
from tfgan_lab.runs.settings.run_config import ConfigError, RunConfig


@dataclasses.dataclass(frozen=True)
class Brief(Settings):
    KIND = "a brief run"

    width: int = setting(2, "how wide", low=1, high=8)
    epochs: int = setting(3, "how long")
    images: str = setting("", "the same in images", identity=False)
    batch_size: int = setting(4, "images in a step")

    def check_together(self):
        if self.width > self.batch_size:
            raise ConfigError("Expected --width up to --batch_size")


def test_each_is_checked_and_then_all_together():
    assert Brief(images="1.5k").num_images() == 1500
    assert Brief(images="9").total_epochs(1) == 3 and Brief().total_epochs(7) == 3
    with pytest.raises(ConfigError, match="Expected --width from 1 to 8. Received: width=9"):
        Brief(width=9)
    with pytest.raises(ConfigError, match="Expected --width up to --batch_size"):
        Brief(width=5)
    with pytest.raises(ConfigError, match="Expected --images as a number"):
        Brief(images="many")
    with pytest.raises(ConfigError, match="Expected the name of a setting. Received: 'depth'"):
        Brief.checked_by_name({"depth": 1})


def test_runs_differ_in_what_is_of_identity():
    assert Brief(width=3).differences(Brief(images="2k").to_dict()) == {"width": (3, 2)}
    assert Brief(width=3).differences({}) == {"width": (3, 2)}


def test_a_record_of_another_kind_is_refused():
    record = {"settings": Brief(width=3).to_dict()}
    assert Brief.of_record(record) == Brief(width=3)
    with pytest.raises(ConfigError, match="Expected a run that generates images. .* --width"):
        RunConfig.of_record(record)
