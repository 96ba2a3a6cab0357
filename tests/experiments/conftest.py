import importlib

import pytest

from tfgan_lab.command_line.main import run_command


@pytest.fixture
def run_experiment(monkeypatch, tmp_path):
    """Runs an experiment's command, out of reach of any network; returns its exit code."""
    from tfgan_lab.metrics import features

    monkeypatch.setattr(features, "WEIGHTS_URL", "http://127.0.0.1:9/weights.pth")
    monkeypatch.setenv("TFGAN_LAB_CACHE", str(tmp_path / "cache"))

    def run(name, *argv):
        module = importlib.import_module(f"experiments.{name}")
        return run_command(f"experiments.{name}", module, list(argv))

    return run
