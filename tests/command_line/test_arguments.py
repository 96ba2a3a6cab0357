import pytest

from tfgan_lab.command_line.arguments import only_flags, only_run
from tfgan_lab.runs.settings.run_config import ConfigError


def test_a_run_alone():
    assert only_run(["runs/first"]) == "runs/first"
    for words in ([], ["a", "b"]):
        with pytest.raises(
            ConfigError, match=f"Expected one run directory. Received: {len(words)}"
        ):
            only_run(words)


def test_flags_alone():
    only_flags([])
    with pytest.raises(ConfigError, match="Expected flags only. Received: 'runs'"):
        only_flags(["runs", "more"])
