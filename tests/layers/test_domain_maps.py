import numpy as np
import tensorflow as tf

from tfgan_lab.layers import DomainMaps


def test_every_image_gets_its_own_constant_channels():
    images = tf.random.stateless_normal((2, 3, 5, 1), (0, 1))
    vectors = tf.constant([[0.0, 1.0], [-2.0, 0.5]])
    outputs = DomainMaps()([images, vectors]).numpy()
    assert outputs.shape == (2, 3, 5, 3)
    np.testing.assert_array_equal(outputs[..., :1], images)
    for image, vector in zip(outputs, vectors.numpy(), strict=True):
        np.testing.assert_array_equal(image[..., 1:], np.broadcast_to(vector, (3, 5, 2)))


def test_what_is_not_finite_in_a_image_stays_there():
    images = tf.constant([[[[np.nan]], [[1.0]]]])
    outputs = DomainMaps()([images, tf.ones((1, 1))]).numpy()
    np.testing.assert_array_equal(outputs[0, :, 0, 1], 1)
