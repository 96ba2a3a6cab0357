import numpy as np
import pytest

from tfgan_lab.metrics import ClassEvaluator, Features

NAMES = ("dark", "grey", "bright")


class Brightness(Features):
    """Features and a classifier by mean brightness: thirds of [-1, 1] are the classes."""

    name, resizer, held_out = "brightness", "none", np.arange(0, 60, 5)

    def extract(self, images):
        means = np.asarray(images, float).reshape(len(images), -1).mean(axis=1)
        told = np.digitize(means, [-1 / 3, 1 / 3])
        return np.stack([means, means**2], axis=1), np.eye(3)[told]


def images(labels, seed=0):
    noise = np.random.default_rng(seed).uniform(-0.2, 0.2, (len(labels), 1, 1, 1))
    means = (np.asarray(labels) - 1.0)[:, None, None, None] * 0.66 + noise
    return np.broadcast_to(means, (len(labels), 4, 4, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def evaluator():
    labels = np.repeat([0, 1, 2], [30, 20, 10])
    space = Brightness()
    return ClassEvaluator(images(labels), labels, space, NAMES, 40, classifier=space)


def test_a_generator_that_does_as_it_is_told(evaluator):
    measures = evaluator.evaluate(lambda labels, index: images(labels, 9 + index))
    np.testing.assert_array_equal(measures.confusion, 40 * np.eye(3))
    assert measures.accuracy == 1 and measures.class_accuracies.tolist() == [1, 1, 1]
    # The classifier is right on the twelve real images that it was not trained on.
    np.testing.assert_array_equal(measures.real_confusion, np.diag([6, 4, 2]))
    assert measures.real_accuracy == 1
    assert all(abs(each.value) < 0.02 for each in measures.distances)


def test_a_generator_that_takes_one_class_for_another(evaluator):
    taken = np.array([0, 2, 2])
    measures = evaluator.evaluate(lambda labels, index: images(taken[labels], 9 + index))
    assert measures.confusion.tolist() == [[40, 0, 0], [0, 0, 40], [0, 0, 40]]
    assert measures.accuracy == pytest.approx(2 / 3)
    assert measures.class_accuracies.tolist() == [1, 0, 1]
    distances = [each.value for each in measures.distances]
    assert distances[1] > 10 * max(abs(distances[0]), abs(distances[2]))


def test_values_with_their_protocol(evaluator):
    taken = np.array([0, 1, 1])
    measures = evaluator.evaluate(lambda labels, index: images(taken[labels]))
    accuracy, *distances = measures.evaluations()
    assert accuracy.metric == "class_accuracy" and accuracy.value == pytest.approx(2 / 3)
    assert accuracy.standard_error == pytest.approx(np.sqrt(2 / 9 / 120))
    assert accuracy.real_baseline == 1 and accuracy.counts == {
        "real": 60,
        "fake": 120,
        "real_baseline": [],
    }
    # Half of the ten bright images are too few for a distance between halves.
    assert [each.metric for each in distances] == ["kid[dark]", "kid[grey]", "kid[bright]"]
    assert [each.real_baseline is None for each in distances] == [False, False, True]
    assert distances[0].counts == {"real": 30, "fake": 40, "real_baseline": [15, 15]}
    record = measures.to_dict()
    assert record["confusion"] == [[40, 0, 0], [0, 40, 0], [0, 40, 0]]
    assert record["kid_real_baseline"][2] is None and record["class_names"] == [*NAMES]


def test_a_class_of_few_images_has_no_distance():
    labels = np.repeat([0, 1, 2], [45, 12, 3])
    space = Brightness()
    evaluator = ClassEvaluator(images(labels), labels, space, NAMES, 10, classifier=space)
    measures = evaluator.evaluate(lambda labels, index: images(labels))
    assert [each is None for each in measures.distances] == [False, False, True]
    assert [each.metric for each in measures.evaluations()][1:] == ["kid[dark]", "kid[grey]"]
