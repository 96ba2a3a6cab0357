import subprocess
import sys

import keras
import numpy as np

from tests.conftest import assert_same_state, state_of
from tests.models.continuing import saved_and_loaded
from tests.models.translators import make_cyclegan, unpaired
from tfgan_lab.models import FusedAdam, UpdateRule


def test_save_and_load_bring_back_weights_compile_and_both_optimisers(
    make_gan, make_images, tmp_path
):
    gan = make_gan(
        ema_half_life_images=100,
        update=UpdateRule(opponent_in_training_mode=False, concatenate_batches=True),
        generator_optimizer=FusedAdam(1e-3, beta_1=0.3),
    )
    images = make_images(8)
    gan.fit(images, epochs=2, verbose=0)
    again = saved_and_loaded(gan, tmp_path)
    assert sum(name.startswith("discriminator_optimizer") for name in state_of(again)) > 10
    assert again.update == gan.update
    assert again.adversarial_loss.get_config() == gan.adversarial_loss.get_config()
    assert type(again.generator_optimizer) is FusedAdam
    assert again.generator_optimizer.get_config() == gan.generator_optimizer.get_config()
    np.testing.assert_array_equal(gan.generate(3), again.generate(3))
    for model in (gan, again):
        model.fit(images, epochs=3, verbose=0)
    assert_same_state(state_of(gan), state_of(again))
    assert int(keras.saving.load_model(tmp_path / "model.keras").step.numpy()) == 4


def test_a_fresh_process_loads_saved_models(make_gan, make_images, tmp_path):
    gan, cyclegan = make_gan(ema_half_life_images=10), make_cyclegan(pool_size=2)
    gan.fit(make_images(8), verbose=0)
    cyclegan.train_step(unpaired())
    gan.save(tmp_path / "gan.keras")
    cyclegan.save(tmp_path / "cyclegan.keras")
    images = unpaired()["image_a"].numpy()
    expected = {"images": images, "made": gan.generate(2), "translated": cyclegan.translate(images)}
    np.savez(tmp_path / "expected.npz", **expected)
    code = f"""
import numpy as np, tfgan_lab as tgl
gan = tgl.load_model(r"{tmp_path / "gan.keras"}")
cyclegan = tgl.load_model(r"{tmp_path / "cyclegan.keras"}")
stored = np.load(r"{tmp_path / "expected.npz"}")
assert int(gan.generator_optimizer.iterations) == 2
np.testing.assert_allclose(gan.generate(2), stored["made"], atol=1e-6)
np.testing.assert_allclose(cyclegan.translate(stored["images"]), stored["translated"], atol=1e-5)
"""
    subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.PIPE)
