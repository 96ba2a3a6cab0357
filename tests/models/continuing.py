"""Models that are broken off, saved, restored and trained on."""

import pytest

import tfgan_lab as tgl
from tests.conftest import assert_same_state, state_of


def interrupted(model, images, folder, stop, epochs):
    """Trains until a checkpoint is saved after a step, where training is broken off."""
    saver = tgl.callbacks.Checkpoints(
        folder, every=1000, should_stop=lambda: int(model.step.numpy()) == stop
    )
    with pytest.raises(tgl.callbacks.TrainingInterrupted, match=f"after step {stop}"):
        model.fit(images, epochs=epochs, verbose=0, callbacks=[saver])
    return model


def checkpointed(model, folder):
    """Saves a checkpoint now."""
    saver = tgl.callbacks.Checkpoints(folder)
    saver.set_model(model)
    saver.save()


def restored(model, folder):
    """Restores a model from the newest checkpoint."""
    loader = tgl.callbacks.Checkpoints(folder)
    loader.set_model(model)
    assert loader.restore()
    return model


def saved_and_loaded(model, folder):
    """What comes back from a ``.keras`` file, where all but an epoch's means is kept."""
    model.save(folder / "model.keras")
    again = tgl.load_model(folder / "model.keras")
    assert_same_state(lasting_state_of(model), lasting_state_of(again))
    return again


def lasting_state_of(model):
    """The state without the running means, which belong to an epoch."""
    return {name: value for name, value in state_of(model).items() if name[:5] != "mean/"}
