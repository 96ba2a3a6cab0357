"""Shared fixtures: small networks, small images, and the folder of real ones."""

import os
import pathlib

import keras
import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
if "PYTEST_XDIST_WORKER_COUNT" in os.environ:
    # Tests beside each other share the processor, in what they start as well: more threads than
    # it has cores wait for each other.
    share = max(1, (os.cpu_count() or 1) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"]))
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(share))

NUM_CLASSES = 3  # of ``make_conditional`` and ``labelled``


@pytest.fixture(autouse=True)
def _seeded():
    keras.utils.set_random_seed(0)


@pytest.fixture
def make_gan():
    """Builds a compiled GAN on 8x8 images; keyword arguments go to ``compile``."""
    import tfgan_lab as tgl
    from tfgan_lab.runs.training.precision import computing_in

    def make(ema_half_life_images=0, seed=3, precision="float32", **compile_arguments):
        keras.utils.set_random_seed(seed)
        with computing_in(precision):
            gan = tgl.GAN(
                tgl.networks.upsampling_generator(image_size=8, latent_size=4, widths=(4, 4)),
                tgl.networks.convolutional_discriminator(image_size=8, widths=(4,)),
                seed=seed,
                ema_half_life_images=ema_half_life_images,
            )
        compile_arguments.setdefault("loss", tgl.losses.BinaryCrossEntropy(label_noise=0.05))
        gan.compile(**compile_arguments)
        return gan

    return make


@pytest.fixture
def make_images():
    """Makes a small set of noise images of 8x8."""
    from tfgan_lab.data import ImageSet

    def make(count=10, batch_size=4, image_size=8, **arguments):
        pixels = np.random.default_rng(0).integers(0, 256, (count, image_size, image_size, 3))
        return ImageSet(pixels.astype(np.uint8), batch_size=batch_size, seed=5, **arguments)

    return make


@pytest.fixture
def make_conditional():
    """Builds a compiled ConditionalGAN on 8x8 images; further arguments go to ``compile``."""
    import tfgan_lab as tgl
    from tfgan_lab.runs.training.precision import computing_in

    def make(methods=("concatenation", "projection"), ema=0, precision="float32", **arguments):
        keras.utils.set_random_seed(3)
        latent_size = 4 + NUM_CLASSES * (methods[0] == "concatenation")
        with computing_in(precision):
            generator = tgl.networks.upsampling_generator(
                image_size=8, latent_size=latent_size, widths=(4, 4)
            )
            discriminator = tgl.networks.convolutional_discriminator(image_size=8, widths=(4,))
            gan = tgl.ConditionalGAN(
                tgl.networks.conditional_generator(generator, NUM_CLASSES, method=methods[0]),
                tgl.networks.conditional_discriminator(
                    discriminator, NUM_CLASSES, method=methods[1]
                ),
                NUM_CLASSES,
                seed=3,
                ema_half_life_images=ema,
            )
        arguments.setdefault("loss", tgl.losses.BinaryCrossEntropy())
        gan.compile(**arguments)
        return gan

    return make


@pytest.fixture
def labelled(make_images):
    """Eight images of three classes."""
    return make_images(8, labels=np.arange(8) % NUM_CLASSES)


@pytest.fixture
def real_images():
    """The folder of real images, which lies outside of the project."""
    folder = os.environ.get("TFGAN_LAB_DATA")
    if not folder:
        pytest.skip("TFGAN_LAB_DATA is not set: no folder of real images")
    return pathlib.Path(folder)


@pytest.fixture
def judge_by(monkeypatch):
    """Lets the callback say one failure alone, and healthy wherever that does not hold."""
    from tfgan_lab.callbacks import diagnosis
    from tfgan_lab.diagnosis.verdict import judge

    def use(failure, min_readings=1):
        def judge_alone(readings, _):
            # An untrained generator's images do not resemble the real ones, hence never healthy.
            alike = [reading | {"coverage": 1.0} for reading in readings]
            return judge(alike, (failure,), min_readings)

        monkeypatch.setattr(diagnosis, "judge", judge_alone)

    return use


def state_of(model) -> dict:
    """Copies of everything that an exact resume must bring back."""
    return {name: variable.numpy() for name, variable in model.checkpoint_variables().items()}


def assert_same_state(one, other):
    """Fails unless two states are equal to the bit."""
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
