import keras
import pytest

from tests.runs.tiny import tiny
from tfgan_lab.runs.training import precision
from tfgan_lab.runs.training.latent_building import build_model


@pytest.fixture
def machine(monkeypatch):
    def be(flags=(), capability=None):
        monkeypatch.setattr(precision, "processor_flags", lambda: frozenset(flags))
        monkeypatch.setattr(precision, "_gpu_capability", lambda: capability)

    return be


@pytest.mark.parametrize(
    ("flags", "capability", "policy"),
    [
        (["avx2", "avx512f"], None, "float32"),
        ([], None, "float32"),
        (["avx512_bf16"], None, "mixed_bfloat16"),
        (["amx_bf16", "avx512f"], None, "mixed_bfloat16"),
        (["avx512_bf16"], (7, 5), "float32"),
        ([], (8, 6), "mixed_bfloat16"),
    ],
)
def test_the_machine_decides(machine, flags, capability, policy):
    machine(flags, capability)
    assert precision.resolve_precision("auto")[0] == policy
    [sentence] = precision.explain_precision("auto")
    assert sentence.startswith(f"--precision={policy}: this ")


def test_what_is_given_is_taken(machine):
    machine(["amx_bf16"])
    assert precision.resolve_precision("float32") == ("float32", "")
    assert precision.explain_precision("mixed_float16") == []


def test_networks_compute_so(machine, tmp_path):
    machine(["avx512_bf16"])
    assert build_model(tiny(tmp_path)).generator.layers[0].compute_dtype == "bfloat16"
    machine([])
    assert build_model(tiny(tmp_path)).generator.layers[0].compute_dtype == "float32"
    assert keras.config.dtype_policy().name == "float32"
