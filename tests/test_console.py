import io
import sys

import pytest

from tfgan_lab.console import is_quiet, progress, shows_progress, suggest, verbosity


class Terminal(io.StringIO):
    def isatty(self):
        return True


def counted(level, file, monkeypatch):
    """What a count to three shows on standard error."""
    monkeypatch.setattr(sys, "stderr", file)
    with verbosity(level), progress("Counting", unit="sheep") as update:
        for index in range(3):
            update(index + 1, 3)
    return file.getvalue()


def test_a_bar_at_a_terminal_and_nothing_in_a_file(monkeypatch):
    shown = counted("normal", Terminal(), monkeypatch)
    assert "Counting: 100%" in shown and "3/3" in shown and "sheep/s" in shown
    assert counted("normal", io.StringIO(), monkeypatch) == ""
    assert "3/3" in counted("verbose", io.StringIO(), monkeypatch)
    assert counted("quiet", Terminal(), monkeypatch) == ""


def test_what_was_done_before_does_not_count_for_the_speed(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with verbosity("verbose"), progress("Training", done=1000) as update:
        update(1001, 2000)
    assert "1001/2000" in sys.stderr.getvalue()


def test_levels_end_with_their_block(capsys):
    with verbosity("quiet"):
        assert is_quiet() and not shows_progress()
        suggest("tfgan-lab train")
        with verbosity("verbose"):
            assert shows_progress() and not is_quiet()
    assert not is_quiet() and capsys.readouterr().out == ""
    suggest("tfgan-lab train", "tfgan-lab report")
    suggest()
    assert capsys.readouterr().out == "Next:\n  tfgan-lab train\n  tfgan-lab report\n"
    with pytest.raises(ValueError, match="Expected a verbosity out of quiet.*Received: 'loud'"):
        with verbosity("loud"):
            pass
