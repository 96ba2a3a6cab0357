"""What both kinds of translators do."""

import keras
import numpy as np
import pytest

from tests.conftest import assert_same_state, state_of
from tests.models.continuing import checkpointed, restored, saved_and_loaded
from tests.models.translators import (
    PAPER,
    batches,
    labelled,
    make_cyclegan,
    make_stargan,
    unpaired,
)
from tfgan_lab.losses import CycleGANLoss, LeastSquares, StarGANLoss
from tfgan_lab.models import LinearDecay
from tfgan_lab.runs.training.precision import computing_in

KINDS = {
    "cyclegan": (make_cyclegan, unpaired, {"loss": CycleGANLoss(cycle_weight=3.0)}),
    "stargan": (make_stargan, labelled, {"loss": StarGANLoss(LeastSquares(), 2.0)} | PAPER),
}


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def compiled_otherwise(make, settings):
    model = make(compiled=False, ema_half_life_images=10)
    model.compile(keras.optimizers.Adam(LinearDecay(1e-3, 1, 10)), **settings)
    return model


def test_fit_moves_everything(kind):
    make, batch, _ = kind
    model = make(ema_half_life_images=10)
    before = state_of(model)
    history = model.fit(batches(batch, 0, 2), verbose=0).history
    assert set(history) == {*model.METRICS, *(penalty.name for penalty in model.penalties)}
    assert all(np.isfinite(values).all() for values in history.values())
    after = state_of(model)
    for name in before:
        changed = not np.array_equal(before[name], after[name])
        assert changed != name.endswith("_optimizer/learning_rate"), name


def test_save_load_and_resume_to_the_same_bits(kind, tmp_path):
    make, batch, settings = kind
    whole = compiled_otherwise(make, settings)
    whole.fit(batches(batch, 0, 2), verbose=0)
    checkpointed(whole, tmp_path)
    loaded = saved_and_loaded(whole, tmp_path)
    assert loaded.adversarial_loss.get_config() == whole.adversarial_loss.get_config()
    assert loaded.update == whole.update
    again = restored(compiled_otherwise(make, settings), tmp_path)
    for model in (whole, loaded, again):
        model.fit(batches(batch, 2, 4), verbose=0)
    assert_same_state(state_of(whole), state_of(loaded))
    assert_same_state(state_of(whole), state_of(again))


def test_float16_trains(kind):
    make, batch, _ = kind
    with computing_in("mixed_float16"):
        model = make()
    assert isinstance(model.generator_optimizer, keras.optimizers.LossScaleOptimizer)
    history = model.fit(batches(batch, 0, 2), verbose=0).history
    assert np.isfinite(history["generator_loss"]).all()
