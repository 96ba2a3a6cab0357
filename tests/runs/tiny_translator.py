"""The smallest run of a translator that the tests train."""

from tfgan_lab.runs import TranslationConfig

TINY = {
    "drawn": "plates",
    "num_drawn": 12,
    "generator_width": 2,
    "num_blocks": 1,
    "num_halvings": 1,
    "discriminator_width": 2,
    "batch_size": 3,
    "epochs": 2,
    "precision": "float32",
}
TINY_CYCLEGAN = TINY | {"model": "cyclegan", "pool_size": 5, "patch_size": 16}
TINY_STARGAN = TINY | {"model": "stargan", "domains": "red,blue,grey", "discriminator_steps": 1}


MODELS = ("cyclegan", "stargan")


def tiny(run_dir, model="cyclegan", **settings):
    base = TINY_CYCLEGAN if model == "cyclegan" else TINY_STARGAN
    return TranslationConfig.from_preset(**(base | {"run_dir": str(run_dir)} | settings))
