"""Three digits as the three channels of an image: what is trained on, and how it is read."""

import numpy as np
import tensorflow as tf

from tfgan_lab.data import ImageSet
from tfgan_lab.data.pipeline import to_float
from tfgan_lab.metrics import count_modes
from tfgan_lab.randomness import Purpose, key

NUM_MODES = 1000


class StackedDigits(ImageSet):
    """Triples of digits; batch k is a function of (seed, k), so a run resumes to the same bits.

    Args:
        digits: uint8 array of shape (n, 32, 32, 1).
        steps_per_epoch: int, steps after which logs are written and modes may be read.
        **kwargs: see ``ImageSet``.
    """

    def __init__(self, digits, steps_per_epoch, **kwargs):
        super().__init__(digits, **kwargs)
        self._steps_per_epoch = steps_per_epoch

    @property
    def steps_per_epoch(self):
        """See the class."""
        return self._steps_per_epoch

    def dataset(self, start_step=0):
        """Endless batches from ``start_step`` on."""
        digits = tf.constant(self.images)

        def make_batch(step):
            chosen = tf.random.stateless_uniform(
                (self.batch_size, 3),
                key(self.seed, step, Purpose.ORDER),
                0,
                len(self),
                dtype=tf.int32,
            )
            triples = tf.gather(digits, chosen)[..., 0]
            return {"image": to_float(tf.transpose(triples, (0, 2, 3, 1)))}

        steps = tf.data.Dataset.range(start_step, tf.int64.max)
        return steps.map(make_batch, num_parallel_calls=tf.data.AUTOTUNE).prefetch(4)

    def sample(self, num_images):
        """The first triples."""
        batches = self.dataset().take(-(-num_images // self.batch_size))
        return np.concatenate([batch["image"] for batch in batches])[:num_images]


def read_triples(classifier, images):
    """Which of the 1000 modes images show, and whether all three digits are sure (0.9)."""
    digits = np.concatenate([images[..., channel] for channel in range(3)])[..., None]
    answers = tf.nn.softmax(classifier.predict(digits, batch_size=500, verbose=0)).numpy()
    each = answers.argmax(axis=1).reshape(3, -1)
    sure = (answers.max(axis=1) >= 0.9).reshape(3, -1).all(axis=0)
    return 100 * each[0] + 10 * each[1] + each[2], sure


def measure(classifier, images):
    """Modes and divergence from the uniform mix; and modes of the images that are sure."""
    modes, sure = read_triples(classifier, images)
    counts = count_modes(modes, NUM_MODES)
    return {
        "num_found": counts.num_found,
        "kl_divergence": counts.kl_divergence,
        "sure_share": sure.mean(),
        "sure_found": len(np.unique(modes[sure])),
    }
