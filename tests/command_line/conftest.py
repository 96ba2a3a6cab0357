import re

import pytest

from tfgan_lab.command_line.main import main


@pytest.fixture
def refuse(capsys):
    """Checks that a command refuses in one sentence, and returns it."""

    def refuse(argv, message):
        capsys.readouterr()
        assert main(argv) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1 and error.startswith("tfgan-lab"), error
        assert re.search(message, error), error

    return refuse
