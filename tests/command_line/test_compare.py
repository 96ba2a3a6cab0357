import re

import pytest

from tfgan_lab.command_line.main import main


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "Expected two run directories or more, each once, .*Received: none"),
        (["gone"], "Expected two run directories or more, each once.*Received: gone"),
        (["gone", "gone"], "Expected two run directories or more, each once"),
        (["gone", "away"], "Expected a run in .*gone. Received: no config.json there"),
        (["gone", "away", "--count=0"], "--count=0"),
    ],
)
def test_refuses(argv, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["compare", *argv]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and re.search(message, error), error
    assert not list(tmp_path.iterdir())
