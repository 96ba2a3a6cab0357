from tfgan_lab.reports.class_figures import draw_classes

from tfgan_lab.files import write_json

RECORD = {
    "class_names": ["cat", "dog"],
    "accuracy": 0.625,
    "class_accuracies": [1.0, 0.25],
    "confusion": [[8, 0], [6, 2]],
    "kid": [0.012, None],
    "kid_real_baseline": [None, None],
    "classifier": "classifier of the labels",
}


def test_a_table_and_a_figure(tmp_path):
    write_json(tmp_path / "classes.json", RECORD)
    lines = draw_classes(tmp_path).splitlines()
    assert lines[1].split() == ["cat", "100.0", "%", "0.012"]
    assert lines[2].split() == ["dog", "25.0", "%", "cat", "(6)"]
    assert (tmp_path / "figures" / "fig_classes_confusion.png").stat().st_size > 1000
    # Again, and it is still one figure.
    draw_classes(tmp_path)
    index = (tmp_path / "figures" / "index.json").read_text()
    assert index.count("fig_classes_confusion.png") == 1


def test_many_classes_are_cut_off(tmp_path):
    names = [str(label) for label in range(25)]
    record = RECORD | {
        "class_names": names,
        "class_accuracies": [0.0] * 25,
        "confusion": [[0] * 25 for _ in names],
        "kid": [None] * 25,
        "kid_real_baseline": [None] * 25,
    }
    write_json(tmp_path / "classes.json", record)
    assert draw_classes(tmp_path).splitlines()[-1] == "..."
