import subprocess
import sys

import keras
import numpy as np

from tests.conftest import assert_same_state, state_of
from tfgan_lab.models import UpdateRule


def test_save_and_load_bring_back_weights_compile_and_both_optimisers(
    make_gan, make_images, tmp_path
):
    gan = make_gan(
        ema_half_life_images=100,
        update=UpdateRule(opponent_in_training_mode=False, concatenate_batches=True),
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.3),
    )
    images = make_images(8)
    gan.fit(images, epochs=2, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    old, new = state_of(gan), state_of(again)
    kept = [name for name in old if not name.startswith("mean/")]  # They belong to an epoch.
    assert sum(name.startswith("discriminator_optimizer") for name in kept) > 10
    assert_same_state({name: old[name] for name in kept}, {name: new[name] for name in kept})
    assert again.update == gan.update
    assert again.adversarial_loss.get_config() == gan.adversarial_loss.get_config()
    assert again.generator_optimizer.get_config() == gan.generator_optimizer.get_config()
    np.testing.assert_array_equal(gan.generate(3), again.generate(3))
    for model in (gan, again):
        model.fit(images, epochs=3, verbose=0)
    assert_same_state(state_of(gan), state_of(again))


def test_a_fresh_process_loads_a_saved_gan(make_gan, make_images, tmp_path):
    gan = make_gan(ema_half_life_images=10)
    gan.fit(make_images(8), verbose=0)
    gan.save(tmp_path / "gan.keras")
    np.save(tmp_path / "expected.npy", gan.generate(2))
    code = f"""
import numpy as np, tfgan_lab as tgl
gan = tgl.load_model(r"{tmp_path / "gan.keras"}")
assert int(gan.generator_optimizer.iterations) == 2
np.testing.assert_allclose(gan.generate(2), np.load(r"{tmp_path / "expected.npy"}"), atol=1e-6)
"""
    subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.PIPE)
